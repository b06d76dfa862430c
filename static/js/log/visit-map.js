// The round of visits: numbered places in walking order, joined by straight lines. The list beside it says the same.

/* global L */

import { createMap, outline, pageData, point } from "./ground.js";

const SIZE = 28; // pixels of a number's circle

class VisitMap {
  constructor(element) {
    this.data = pageData(element.dataset.visitMap);
    this.map = createMap(element);
    this.rows = new Map([...document.querySelectorAll("[data-stop]")].map((row) => [row.dataset.stop, row]));
    this.fit();
    outline(this.map, this.data.outlines);
    this.drawWalk();
    this.data.stops.forEach((stop) => this.addStop(stop));
    if (this.data.start) point(latLon(this.data.start)).bindTooltip(element.dataset.start).addTo(this.map);
  }

  get walk() {
    const stops = this.data.stops.map((stop) => latLon(stop.at));
    return this.data.start ? [latLon(this.data.start), ...stops] : stops;
  }

  fit() {
    this.map.fitBounds(L.latLngBounds(this.walk), { padding: [30, 30], maxZoom: 17, animate: false });
  }

  drawWalk() {
    const color = getComputedStyle(this.map.getContainer()).getPropertyValue("--map-line");
    L.polyline(this.walk, { color, weight: 2, dashArray: "2 7", interactive: false }).addTo(this.map);
  }

  addStop({ number, name, at, state }) {
    const html = document.createElement("span");
    html.textContent = number;
    const icon = L.divIcon({ className: `visit-mark visit-mark-${state}`, html, iconSize: [SIZE, SIZE] });
    // Reached by keyboard through the list, which has the same in words.
    const marker = L.marker(latLon(at), { icon, keyboard: false, title: name, riseOnHover: true }).addTo(this.map);
    const row = this.rows.get(String(number));
    if (!row) return;
    const link = row.querySelector("a");
    marker.on("click", () => {
      row.scrollIntoView({ block: "center" });
      link.focus();
    });
    for (const [on, off] of [
      ["mouseenter", "mouseleave"],
      ["focusin", "focusout"],
    ]) {
      row.addEventListener(on, () => marker.getElement().classList.add("is-stressed"));
      row.addEventListener(off, () => marker.getElement().classList.remove("is-stressed"));
    }
  }
}

const latLon = ([lon, lat]) => [lat, lon];

for (const element of document.querySelectorAll("[data-visit-map]")) new VisitMap(element);
