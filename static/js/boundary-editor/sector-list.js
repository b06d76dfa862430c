/** The list beside the map: the same sectors, chosen by a button each. */

import { part, text, titleOf } from "./page.js";

export class SectorList {
  constructor(division, onSelect) {
    this.element = part("sectors");
    this.division = division;
    this.onSelect = onSelect;
    this.selected = null;
    this.refresh();
  }

  refresh() {
    const focused = document.activeElement?.dataset?.sector;
    const sectors = this.division.present().sort((one, other) => one.number - other.number);
    part("count").textContent = String(sectors.length);
    this.element.replaceChildren(...sectors.map((sector) => this.item(sector)));
    if (focused) this.button(focused)?.focus();
  }

  item(sector) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.sector = sector.id;
    button.setAttribute("aria-pressed", String(sector.id === this.selected));
    const district = document.createElement("span");
    district.textContent = sector.isNew ? text("not_saved") : sector.district_name;
    button.append(titleOf(sector), " ", district);
    button.addEventListener("click", () => this.onSelect(sector.id));
    item.append(button);
    return item;
  }

  button(id) {
    return this.element.querySelector(`button[data-sector="${id}"]`);
  }

  select(id) {
    this.button(this.selected)?.setAttribute("aria-pressed", "false");
    this.selected = id;
    const button = this.button(id);
    button?.setAttribute("aria-pressed", "true");
    button?.scrollIntoView({ block: "nearest" });
  }

  focus(id) {
    this.button(id)?.focus();
  }
}
