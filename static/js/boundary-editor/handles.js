/** The corners of the selected sector as buttons on the map: dragged, or moved by the arrow keys. */

import { metresPerDegree } from "./welding.js";
import { ringsOf } from "./division.js";
import { announce, listOf, text, titleOf } from "./page.js";

const L = window.L;
/** Handles do not crowd: nearer ones show when the map is zoomed in. Each is 24 pixels wide. */
const APART_PX = 26;
const ROOM_FOR_MIDPOINT_PX = 2 * APART_PX + 4;
const SHOWN_AT_MOST = 150;
const STEPS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class Handles {
  constructor(map, division, onChange) {
    this.map = map;
    this.division = division;
    this.onChange = onChange;
    this.sector = null;
    this.markers = new Map();
    this.group = L.layerGroup().addTo(map);
    map.on("moveend", () => this.refresh());
  }

  select(sector) {
    this.sector = sector;
    this.refresh();
  }

  /** Draw the handles anew for what is in view; the focus stays on the corner that has it. */
  refresh(focused = this.focusedCorner()) {
    if (this.isDragging) return;
    this.group.clearLayers();
    this.markers.clear();
    if (!this.sector || this.sector.removed) return;
    const corners = ringsOf(this.sector).flat();
    const shown = this.spread(corners, focused);
    corners.forEach((corner, index) => shown.has(corner) && this.addCorner(corner, index, corners.length));
    this.addMidpoints(shown);
    this.markers.get(focused)?.getElement()?.focus({ preventScroll: true });
    this.hidden = corners.filter((corner) => this.inView(corner) && !shown.has(corner)).length;
  }

  focusedCorner() {
    for (const [corner, marker] of this.markers) if (marker.getElement() === document.activeElement) return corner;
    return null;
  }

  inView(corner) {
    return this.map.getBounds().contains([corner.lat, corner.lon]);
  }

  spread(corners, first) {
    const taken = [];
    const shown = new Set();
    const wanted = first && corners.includes(first) ? [first, ...corners] : corners;
    for (const corner of wanted) {
      if (shown.size >= SHOWN_AT_MOST) break;
      if (shown.has(corner) || !this.inView(corner)) continue;
      const at = this.point(corner);
      if (taken.some((other) => other.distanceTo(at) < APART_PX)) continue;
      taken.push(at);
      shown.add(corner);
    }
    return shown;
  }

  point(corner) {
    return this.map.latLngToContainerPoint([corner.lat, corner.lon]);
  }

  addCorner(corner, index, count) {
    const others = this.division.sectorsAt(corner).filter((sector) => sector !== this.sector);
    const name = others.length ? "corner_shared" : "corner";
    const label = text(name, {
      number: index + 1,
      count,
      sector: titleOf(this.sector),
      others: listOf(others),
    });
    const marker = this.marker([corner.lat, corner.lon], "editor-corner", label, { draggable: true });
    this.markers.set(corner, marker);
    marker.on("dragstart", () => this.startDrag(corner));
    marker.on("drag", () => this.drag(corner, marker.getLatLng()));
    marker.on("dragend", () => this.endDrag(corner));
    marker.getElement().addEventListener("keydown", (event) => this.onKey(event, corner));
  }

  addMidpoints(shown) {
    for (const ring of ringsOf(this.sector)) {
      ring.forEach((corner, index) => {
        const next = ring[(index + 1) % ring.length];
        if (shown.has(corner) && shown.has(next)) this.addMidpoint(corner, next);
      });
    }
  }

  addMidpoint(first, second) {
    if (this.point(first).distanceTo(this.point(second)) < ROOM_FOR_MIDPOINT_PX) return;
    const middle = [(first.lat + second.lat) / 2, (first.lon + second.lon) / 2];
    const marker = this.marker(middle, "editor-midpoint", text("midpoint"), {});
    marker.on("click", () => this.insert(first, second, middle));
    marker.getElement().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.insert(first, second, middle);
    });
  }

  marker(position, className, label, options) {
    const icon = L.divIcon({ className, iconSize: [24, 24] });
    const marker = L.marker(position, { icon, keyboard: true, bubblingMouseEvents: false, ...options });
    marker.addTo(this.group);
    marker.getElement().setAttribute("aria-label", label);
    return marker;
  }

  insert(first, second, [lat, lon]) {
    const corner = this.division.insert(first, second, lon, lat);
    this.onChange(this.division.sectorsAt(corner));
    this.refresh(corner);
    announce(text("corner_added"));
  }

  startDrag(corner) {
    this.isDragging = true;
    this.touched = this.division.sectorsAt(corner);
    this.step = this.division.begin([], [corner]);
  }

  drag(corner, { lat, lng }) {
    Object.assign(corner, { lat, lon: lng });
    this.onChange(this.touched, { isUnderWay: true });
  }

  endDrag(corner) {
    this.isDragging = false;
    const { lon, lat } = this.step.before.corners[0];
    this.division.finish(this.step);
    this.onChange(this.touched);
    this.refresh(corner);
    const scale = metresPerDegree(lat);
    const metres = Math.hypot((corner.lon - lon) * scale.lon, (corner.lat - lat) * scale.lat);
    announce(text("corner_moved", { metres: metres.toFixed(0), sectors: listOf(this.touched) }));
  }

  onKey(event, corner) {
    if (event.key in STEPS) this.nudge(event, corner);
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(event, corner);
  }

  nudge(event, corner) {
    event.preventDefault();
    event.stopPropagation();
    const metres = event.shiftKey ? 10 : 1;
    const [east, north] = STEPS[event.key];
    this.division.nudge(corner, east * metres, north * metres);
    const touched = this.division.sectorsAt(corner);
    this.onChange(touched);
    this.refresh(corner);
    announce(text(`moved_${event.key.slice(5).toLowerCase()}`, { metres, sectors: listOf(touched) }));
  }

  remove(event, corner) {
    event.preventDefault();
    const touched = this.division.sectorsAt(corner);
    const corners = ringsOf(this.sector).flat();
    const next = corners[(corners.indexOf(corner) + 1) % corners.length];
    const refusal = this.division.remove(corner);
    if (refusal) {
      announce(text(`refused_${refusal}`));
      return;
    }
    this.onChange(touched);
    this.refresh(next);
    announce(text("corner_removed", { sectors: listOf(touched) }));
  }
}
