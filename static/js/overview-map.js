// Colours the sectors by a figure and writes its number into them. Hooked on [data-measure-map], which names the
// json_script with what each sector shows: {slug: {level, short, text, url}}.

/* global L */

import { SectorMap } from "./sector-map.js";

const FILLED = 0.9; // as the legend has it, and streets still show
const UNKNOWN = { fillColor: "#fff", fillOpacity: 0.6, dashArray: "4 5" };

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
    if (level === null) return { ...border, ...UNKNOWN };
    return { ...border, fillColor: this.style.getPropertyValue(`--level-${level}`), fillOpacity: FILLED };
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

  inside({ slug }) {
    return this.measured[slug].short;
  }
}

for (const element of document.querySelectorAll("[data-measure-map]")) MeasureMap.start(element);
