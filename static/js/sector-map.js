// Draws sectors on a Leaflet map that can be read without any tile: borders, numbers, a colour for each district.
// Hooked on [data-sector-map]; what to draw comes from its data attributes (templates/contacts/includes/map.html).

/* global L */

const HUES = 6; // as many as the style sheet names: --district-0 …
const NUMBER_ROOM = 26; // pixels that a sector must measure for its number to be shown
const MANY = 300; // sectors from which on a canvas draws faster than SVG

const settings = JSON.parse(document.getElementById("map-settings")?.textContent ?? "{}");
const reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const touch = window.matchMedia("(pointer: coarse)").matches;

export class SectorMap {
  constructor(element) {
    this.element = element;
    this.layers = new Map();
    this.style = getComputedStyle(element);
    element.replaceChildren(); // the words for those without script
  }

  // Draw the map; where that fails, the words that lead to the list.
  static start(element) {
    new this(element).draw().catch(() => {
      element.replaceChildren(Object.assign(document.createElement("p"), { textContent: settings.failed }));
    });
  }

  async draw() {
    const features = await this.load();
    this.hasMany = features.features.length > MANY;
    this.map = L.map(this.element, this.options());
    this.map.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: settings.zoomIn, zoomOutTitle: settings.zoomOut }).addTo(this.map);
    this.fit(features);
    for (const tile of settings.tiles) L.tileLayer(tile.url, tile.options).addTo(this.map);
    this.sectors = L.geoJSON(features, {
      style: (feature) => this.look(feature),
      onEachFeature: (feature, layer) => this.prepare(feature, layer),
    }).addTo(this.map);
    if (this.hasMany) this.map.on("zoomend", () => this.sectors.setStyle((feature) => this.look(feature)));
    this.stressChosen();
    this.addNumbers();
    this.addPoint();
    this.addMarks();
    this.listen();
  }

  async load() {
    const { features, url } = this.element.dataset;
    if (features) return JSON.parse(document.getElementById(features).textContent);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return response.json();
  }

  options() {
    return {
      zoomControl: false,
      // One finger scrolls the page and the wheel too; two fingers move the map. On its own page the map is the page.
      dragging: !touch || this.isFull,
      scrollWheelZoom: this.isFull,
      zoomAnimation: !reducedMotion,
      fadeAnimation: !reducedMotion,
      markerZoomAnimation: !reducedMotion,
      preferCanvas: this.hasMany,
      zoomSnap: 0.25,
      maxZoom: 19,
    };
  }

  get isFull() {
    return this.element.classList.contains("map-full");
  }

  fit(features) {
    const { chosen, lat, lon, zoom } = this.element.dataset;
    if (zoom) {
      this.map.setView([lat, lon], Number(zoom), { animate: false });
      return;
    }
    const focus = chosen ? features.features.filter((feature) => feature.id === chosen) : features;
    const bounds = L.geoJSON(focus).getBounds();
    for (const mark of this.marks) bounds.extend([mark.lat, mark.lon]);
    if (bounds.isValid()) this.map.fitBounds(bounds, { padding: chosen ? [36, 36] : [10, 10], animate: false });
    else this.map.setView([55.7, 12.5], 11, { animate: false });
  }

  look(feature) {
    const { chosen } = this.element.dataset;
    const isOther = chosen && feature.id !== chosen;
    return {
      color: this.style.getPropertyValue("--map-line"),
      weight: isOther ? 1.25 : chosen ? 3 : this.lineWeight,
      fillColor: this.style.getPropertyValue(`--district-${feature.properties.hue % HUES}`),
      fillOpacity: isOther ? 0.1 : 0.32,
    };
  }

  // Thousands of sectors seen from afar would be nothing but borders.
  get lineWeight() {
    return this.hasMany && this.map.getZoom() < 11 ? 0.4 : 1.75;
  }

  prepare(feature, layer) {
    this.layers.set(feature.id, layer);
    layer.bindTooltip(this.words(feature.properties), { sticky: true, direction: "top", className: "map-words" });
    layer.on("mouseover", () => this.stress(feature.id));
    layer.on("mouseout", () => this.unstress(feature.id));
  }

  words({ number, name, officer }) {
    const box = document.createElement("span");
    const title = document.createElement("strong");
    title.textContent = `${number} ${name}`;
    const who = document.createElement("span");
    who.textContent = officer ?? settings.vacant;
    box.append(title, who);
    return box;
  }

  get stressed() {
    return { weight: 4, fillOpacity: 0.5 };
  }

  stress(slug) {
    this.layers.get(slug)?.setStyle(this.stressed).bringToFront();
    this.rows(slug).forEach((row) => row.classList.add("is-stressed"));
  }

  unstress(slug) {
    const layer = this.layers.get(slug);
    if (layer) this.sectors.resetStyle(layer);
    this.stressChosen();
    this.rows(slug).forEach((row) => row.classList.remove("is-stressed"));
  }

  stressChosen() {
    this.layers.get(this.element.dataset.chosen)?.bringToFront();
  }

  rows(slug) {
    return document.querySelectorAll(`[data-sector="${CSS.escape(slug)}"]`);
  }

  addNumbers() {
    const numbers = [];
    for (const layer of this.layers.values()) {
      const { label, number } = layer.feature.properties;
      const html = document.createElement("span");
      html.textContent = number;
      const icon = L.divIcon({ className: "map-number", html, iconSize: [0, 0] });
      const marker = L.marker([label[1], label[0]], { icon, interactive: false, keyboard: false });
      numbers.push({ marker, bounds: layer.getBounds() });
    }
    const showFitting = () => numbers.forEach((number) => this.showIfItFits(number));
    this.map.on("zoomend", showFitting);
    showFitting();
  }

  showIfItFits({ marker, bounds }) {
    const [a, b] = [bounds.getNorthWest(), bounds.getSouthEast()].map((corner) =>
      this.map.latLngToLayerPoint(corner),
    );
    const fits = Math.min(b.x - a.x, b.y - a.y) >= NUMBER_ROOM;
    if (fits) marker.addTo(this.map);
    else marker.remove();
  }

  addPoint() {
    const { lat, lon } = this.element.dataset;
    if (!lat) return;
    const icon = L.divIcon({ className: "map-point", iconSize: [22, 22] });
    L.marker([lat, lon], { icon, interactive: false, keyboard: false }).addTo(this.map);
  }

  // Places that the page names, with the letters that stand in its lists.
  get marks() {
    const { marks } = this.element.dataset;
    return marks ? JSON.parse(document.getElementById(marks).textContent) : [];
  }

  addMarks() {
    for (const { letter, name, lat, lon } of this.marks) {
      const html = document.createElement("span");
      html.textContent = letter;
      const icon = L.divIcon({ className: "map-mark", html, iconSize: [0, 0] });
      const words = document.createElement("span"); // a tooltip given as text would be read as HTML
      words.textContent = name;
      L.marker([lat, lon], { icon, keyboard: false, zIndexOffset: 1000 })
        .bindTooltip(words, { direction: "top", offset: [0, -16], className: "map-words" })
        .addTo(this.map);
    }
  }

  listen() {
    const { clickUrl } = this.element.dataset;
    if (clickUrl) {
      this.element.classList.add("is-clickable");
      this.map.on("click", ({ latlng }) => this.go(clickUrl, latlng.wrap()));
    }
    for (const row of document.querySelectorAll("[data-sector]")) {
      for (const event of ["mouseenter", "focusin"]) row.addEventListener(event, () => this.stress(row.dataset.sector));
      for (const event of ["mouseleave", "focusout"])
        row.addEventListener(event, () => this.unstress(row.dataset.sector));
    }
  }

  go(url, { lat, lng }) {
    const query = new URLSearchParams({ lat: lat.toFixed(6), lon: lng.toFixed(6) });
    window.location.assign(`${url}?${query}`);
  }
}

// Thousands of sectors are hundreds of kilobytes: such a map is drawn when somebody scrolls to it.
function drawWhenSeen(element) {
  element.replaceChildren();
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    SectorMap.start(element);
  });
  observer.observe(element);
}

for (const element of document.querySelectorAll("[data-sector-map]")) {
  if ("lazy" in element.dataset) drawWhenSeen(element);
  else SectorMap.start(element);
}
