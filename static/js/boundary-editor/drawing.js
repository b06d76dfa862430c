/** Drawing the outline of a new sector: by clicks, or by the arrow keys and Enter with the cross in the middle. */

import { announce, part, text } from "./page.js";

const L = window.L;
const SNAP_PX = 10;
const CORNERS_NEEDED = 3;

export class Outline {
  constructor(map, division, onFinish) {
    this.map = map;
    this.division = division;
    this.onFinish = onFinish;
    this.corners = [];
    this.isActive = false;
    this.line = L.polyline([], { color: "#9d0208", weight: 3, interactive: false });
    this.onClick = (event) => this.add(event.latlng);
    this.onKey = (event) => this.key(event);
  }

  start() {
    this.corners = [];
    this.isActive = true;
    this.line.setLatLngs([]).addTo(this.map);
    this.map.on("click", this.onClick);
    this.map.getContainer().addEventListener("keydown", this.onKey, { capture: true });
    this.map.getContainer().classList.add("editor-drawing");
    this.map.getContainer().focus();
    part("drawing").hidden = false;
    announce(text("drawing_started"));
  }

  stop() {
    this.isActive = false;
    this.line.remove();
    this.map.off("click", this.onClick);
    this.map.getContainer().removeEventListener("keydown", this.onKey, { capture: true });
    this.map.getContainer().classList.remove("editor-drawing");
    part("drawing").hidden = true;
  }

  key(event) {
    const acts = {
      Enter: () => this.add(this.map.getCenter()),
      Backspace: () => this.takeBack(),
      Escape: () => this.cancel(),
    };
    if (!(event.key in acts)) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  add(latlng) {
    const corner = this.snapped(latlng);
    if (this.corners.includes(corner)) return;
    this.corners.push(corner);
    this.redraw();
    announce(text("drawing_corner", { number: this.corners.length }));
  }

  /** The corner of a sector nearby, so that borders are shared; a new corner where there is none. */
  snapped(latlng) {
    const at = this.map.latLngToContainerPoint(latlng);
    let nearest = null;
    let distance = SNAP_PX;
    for (const corner of new Set(this.division.present().flatMap((sector) => sector.polygons.flat(2)))) {
      const away = this.map.latLngToContainerPoint([corner.lat, corner.lon]).distanceTo(at);
      if (away < distance) [nearest, distance] = [corner, away];
    }
    return nearest ?? { lon: latlng.lng, lat: latlng.lat };
  }

  takeBack() {
    this.corners.pop();
    this.redraw();
    announce(text("drawing_corner", { number: this.corners.length }));
  }

  redraw() {
    const closed = this.corners.length >= CORNERS_NEEDED ? [...this.corners, this.corners[0]] : this.corners;
    this.line.setLatLngs(closed.map((corner) => [corner.lat, corner.lon]));
  }

  cancel() {
    this.stop();
    announce(text("drawing_cancelled"));
    this.onFinish(null);
  }

  finish() {
    if (this.corners.length < CORNERS_NEEDED) {
      announce(text("drawing_too_few"));
      return;
    }
    this.stop();
    this.onFinish(this.corners);
  }
}
