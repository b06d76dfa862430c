// Draws the ground that would change sector over the outlines of today's sectors. Hooked on [data-moved-ground];
// what to draw comes from the page's data (templates/overview/includes/release_moves.html).

/* global L */

const LABELS_UP_TO = 25;
const MOVED = { color: "#9d0208", weight: 3, dashArray: "6 5", fillColor: "#9d0208", fillOpacity: 0.35 };

const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "{}");
const settings = read("map-settings");
const touch = window.matchMedia("(pointer: coarse)").matches;

function words(...lines) {
  const box = document.createElement("span");
  for (const line of lines) box.append(Object.assign(document.createElement("span"), { textContent: line }));
  return box;
}

function draw(element) {
  const { moves, outlines } = read("moved-ground");
  element.replaceChildren(); // the words for those without script
  // One finger scrolls the page; two fingers move the map.
  const map = L.map(element, { zoomControl: false, dragging: !touch, scrollWheelZoom: false, zoomSnap: 0.25, maxZoom: 19 });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: settings.zoomIn, zoomOutTitle: settings.zoomOut }).addTo(map);
  const pieces = moves.map(({ geometry }) => L.geoJSON(geometry, { style: MOVED }));
  map.fitBounds(L.featureGroup(pieces).getBounds(), { padding: [36, 36], maxZoom: 16, animate: false });
  for (const tile of settings.tiles) L.tileLayer(tile.url, tile.options).addTo(map);
  const line = getComputedStyle(element).getPropertyValue("--map-line");
  for (const outline of outlines) {
    L.geoJSON(outline, { interactive: false, style: { color: line, weight: 1.5, fillOpacity: 0.06 } }).addTo(map);
  }
  pieces.forEach((piece, place) => addPiece(map, piece, moves[place], moves.length <= LABELS_UP_TO));
}

// The numbers stand on the map, so that colour is not the only sign; all words come by pointing.
function addPiece(map, piece, { label, title, words: addresses }, isLabelled) {
  piece.addTo(map).bindPopup(words(title, addresses), { closeButton: false });
  if (!isLabelled) return;
  L.tooltip({ permanent: true, direction: "center", className: "moved-label", interactive: false })
    .setLatLng(piece.getBounds().getCenter())
    .setContent(words(label))
    .addTo(map);
}

for (const element of document.querySelectorAll("[data-moved-ground]")) {
  try {
    draw(element);
  } catch {
    element.replaceChildren(Object.assign(document.createElement("p"), { textContent: settings.failed }));
  }
}
