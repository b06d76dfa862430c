// Colours the sectors by a figure; their own numbers stand in them, as in the list beside. Hooked on
// [data-measure-map], which names the json_script with what each sector shows: {slug: {level, text, url}}.

/* global L */

import { SectorMap } from "./sector-map.js";

const FILLED = 0.9; // as the legend has it, and streets still show
const HATCHED = "url(#map-hatch)"; // drawn by templates/overview/includes/measure_map.html
const HATCH = { size: 7, paper: "#fff", line: "#12294b" }; // the same for a canvas, which knows no url

function hatched() {
  const tile = Object.assign(document.createElement("canvas"), { width: HATCH.size, height: HATCH.size });
  const pen = tile.getContext("2d");
  pen.fillStyle = HATCH.paper;
  pen.fillRect(0, 0, HATCH.size, HATCH.size);
  pen.strokeStyle = HATCH.line;
  for (const x of [-HATCH.size, 0, HATCH.size]) {
    pen.moveTo(x, HATCH.size);
    pen.lineTo(x + HATCH.size, 0);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

class MeasureMap extends SectorMap {
  constructor(element) {
    super(element);
    this.measured = JSON.parse(document.getElementById(element.dataset.measureMap).textContent);
  }

  async load() {
    const all = await super.load();
    return { ...all, features: all.features.filter((feature) => feature.id in this.measured) };
  }

  // On paper the map has another size: show the same sectors in it, and again on the screen.
  listen() {
    super.listen();
    const shown = this.sectors.getBounds();
    window.matchMedia("print").addEventListener("change", () => {
      this.map.invalidateSize({ animate: false });
      if (shown.isValid()) this.map.fitBounds(shown, { padding: [10, 10], animate: false });
    });
  }

  look(feature) {
    const { level } = this.measured[feature.id];
    const border = { color: this.style.getPropertyValue("--map-line"), weight: this.lineWeight, dashArray: null };
    if (level === null) return { ...border, fillColor: this.unknown, fillOpacity: FILLED };
    return { ...border, fillColor: this.style.getPropertyValue(`--level-${level}`), fillOpacity: FILLED };
  }

  // Told from the lightest colour by its lines, not by its hue.
  get unknown() {
    this.hatch ??= this.hasMany ? hatched() : HATCHED;
    return this.hatch;
  }

  // The colour is what is said: it stays as it is, and the border grows.
  get stressed() {
    return { weight: 5 };
  }

  prepare(feature, layer) {
    super.prepare(feature, layer);
    layer.bindPopup(() => this.closer(feature.properties), { minWidth: 170 });
    layer.on("popupopen", () => layer.closeTooltip());
  }

  words({ slug, number, name }) {
    const box = document.createElement("span");
    const title = document.createElement("strong");
    title.textContent = `${number} ${name}`;
    const text = document.createElement("span");
    text.textContent = this.measured[slug].text;
    box.append(title, text);
    return box;
  }

  closer(properties) {
    const box = this.words(properties);
    const link = document.createElement("a");
    link.href = this.measured[properties.slug].url;
    link.textContent = this.element.dataset.closer;
    box.className = "map-closer";
    box.append(link);
    return box;
  }
}

for (const element of document.querySelectorAll("[data-measure-map]")) MeasureMap.start(element);
