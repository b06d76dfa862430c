/** The checks and what the change moves: worked out by the server, put into the page, and shown on the map. */

import { part, pageData, text } from "./page.js";
import { pointOut, showMoves } from "./map.js";

export class Consequences {
  constructor(map) {
    this.map = map;
    this.element = part("consequences");
    this.layer = null;
    this.element?.addEventListener("click", (event) => this.onClick(event));
  }

  async load() {
    if (!this.element) return;
    this.element.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(this.element.dataset.url);
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      this.fill(await response.text());
    } catch {
      this.element.textContent = text("consequences_failed");
    }
    this.element.setAttribute("aria-busy", "false");
  }

  fill(html) {
    const received = new DOMParser().parseFromString(html, "text/html");
    this.element.replaceChildren(...received.body.childNodes);
    this.layer?.remove();
    this.layer = showMoves(this.map, pageData("moved-areas") ?? []);
  }

  onClick(event) {
    const { lon, lat } = event.target.closest("[data-lon]")?.dataset ?? {};
    if (lon === undefined) return;
    event.preventDefault();
    pointOut(this.map, Number(lon), Number(lat));
  }
}
