/** The Leaflet map of a release: its sectors, readable without any tiles, and marks laid over them. */

import { coordinatesOf } from "./division.js";
import { pageData, text, titleOf } from "./page.js";

const L = window.L;
const LABELS_UP_TO = 60;
const SHAPES_IN_SVG_UP_TO = 300;
const FILLS = ["#8ecae6", "#f4c95d", "#b7d7a8", "#d5b9e8", "#f2a98f", "#c9cba3"];
const LINE = "#1d3557";
const MOVED = { color: "#9d0208", weight: 3, dashArray: "6 5", fillColor: "#9d0208", fillOpacity: 0.35 };

export function createMap(element, sectors) {
  const config = pageData("leaflet-config");
  const map = L.map(element, {
    zoomControl: false,
    maxZoom: 22,
    zoomSnap: 0.5,
    keyboardPanDelta: 40,
    preferCanvas: sectors.length > SHAPES_IN_SVG_UP_TO,
  });
  map.attributionControl.setPrefix(false);
  for (const [, url, options] of config.TILES) L.tileLayer(url, { ...options, maxZoom: 22, maxNativeZoom: 19 }).addTo(map);
  L.control.zoom({ zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out") }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  return map;
}

export class SectorShapes {
  constructor(map, division, onSelect) {
    this.map = map;
    this.division = division;
    this.onSelect = onSelect;
    this.shapes = new Map();
    this.districts = [...new Set([...division.sectors.values()].map((sector) => sector.district))].sort();
    this.selected = null;
    this.refresh(division.sectors.values());
  }

  refresh(sectors) {
    for (const sector of sectors) {
      const shape = this.shapes.get(sector.id);
      if (sector.removed) shape?.remove();
      else if (shape) this.show(shape.setLatLngs(latLngsOf(sector)));
      else this.show(this.add(sector));
    }
  }

  show(shape) {
    if (!this.map.hasLayer(shape)) shape.addTo(this.map);
  }

  add(sector) {
    const shape = L.polygon(latLngsOf(sector), this.style(sector));
    const permanent = this.division.sectors.size <= LABELS_UP_TO;
    const label = document.createElement("span");
    label.textContent = permanent ? String(sector.number) : titleOf(sector);
    shape.bindTooltip(label, { permanent, direction: "center", className: "editor-label" });
    shape.on("click", () => this.onSelect(sector.id));
    this.shapes.set(sector.id, shape);
    return shape;
  }

  style(sector) {
    const isSelected = sector.id === this.selected;
    const fillColor = FILLS[Math.max(0, this.districts.indexOf(sector.district)) % FILLS.length];
    return { color: LINE, weight: isSelected ? 4 : 1.5, fillColor, fillOpacity: isSelected ? 0.65 : 0.4 };
  }

  select(id) {
    const previous = this.selected;
    this.selected = id;
    for (const changed of [previous, id]) {
      const shape = this.shapes.get(changed);
      shape?.setStyle(this.style(this.division.sectors.get(changed)));
    }
    this.shapes.get(id)?.bringToFront();
  }

  bounds(ids = [...this.shapes.keys()]) {
    const drawn = ids.map((id) => this.shapes.get(id)).filter((shape) => shape && this.map.hasLayer(shape));
    return drawn.reduce((bounds, shape) => bounds.extend(shape.getBounds()), L.latLngBounds([]));
  }

  clear() {
    for (const shape of this.shapes.values()) shape.remove();
  }
}

function latLngsOf(sector) {
  return coordinatesOf(sector).map((rings) => rings.map((ring) => ring.map(([lon, lat]) => [lat, lon])));
}

/** Areas that change hands: a dashed outline, hatched by its own label "from → to", so colour is not the only sign. */
export function showMoves(map, moves) {
  const layers = moves.map(({ geometry, label }) => {
    const caption = document.createElement("span");
    caption.textContent = label;
    return L.geoJSON(geometry, { style: MOVED, interactive: false }).bindTooltip(caption, {
      permanent: moves.length <= LABELS_UP_TO,
      direction: "center",
      className: "editor-move",
    });
  });
  return L.layerGroup(layers).addTo(map);
}

/** A ring around a place that a sentence speaks of. */
export function pointOut(map, lon, lat) {
  map.setView([lat, lon], Math.max(map.getZoom(), 17));
  const ring = L.circleMarker([lat, lon], { radius: 18, color: "#9d0208", weight: 4, fill: false, interactive: false });
  ring.addTo(map);
  setTimeout(() => ring.remove(), 10000);
  map.getContainer().scrollIntoView({ block: "nearest" });
}
