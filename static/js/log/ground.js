// The ground of the log's small maps: tiles, zoom buttons, the outline of the sectors; readable without any tile.

/* global L */

const settings = JSON.parse(document.getElementById("map-settings")?.textContent ?? "{}");
const reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const touch = window.matchMedia("(pointer: coarse)").matches;

export function createMap(element) {
  element.replaceChildren(); // the words for those without script
  const map = L.map(element, {
    zoomControl: false,
    dragging: !touch, // one finger scrolls the page, two move the map
    scrollWheelZoom: false,
    zoomAnimation: !reducedMotion,
    fadeAnimation: !reducedMotion,
    markerZoomAnimation: !reducedMotion,
    zoomSnap: 0.25,
    maxZoom: 19,
  });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: settings.zoomIn, zoomOutTitle: settings.zoomOut }).addTo(map);
  for (const tile of settings.tiles ?? []) L.tileLayer(tile.url, tile.options).addTo(map);
  return map;
}

// GeoJSON geometries as lines; returns their bounds.
export function outline(map, geometries) {
  const style = getComputedStyle(map.getContainer());
  const layer = L.geoJSON(geometries, {
    interactive: false,
    style: {
      color: style.getPropertyValue("--map-line"),
      weight: 2,
      fillColor: style.getPropertyValue("--district-0"),
      fillOpacity: 0.08,
    },
  }).addTo(map);
  return layer.getBounds();
}

export function point(at, className = "map-point") {
  const icon = L.divIcon({ className, iconSize: [22, 22] });
  return L.marker(at, { icon, interactive: false, keyboard: false });
}

export function pageData(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}
