/** The map of a boundary release. A draft is drawn and saved here; a published release is shown. */

import { Consequences } from "./consequences.js";
import { Division } from "./division.js";
import { Outline } from "./drawing.js";
import { Handles } from "./handles.js";
import { createMap, pointOut, SectorShapes } from "./map.js";
import { announce, part, text, titleOf } from "./page.js";
import { loadAreas, saveAreas, showProblems } from "./saving.js";
import { SectorList } from "./sector-list.js";

class Editor {
  constructor(element) {
    this.element = element;
    this.url = element.dataset.areas;
    this.isEditable = element.dataset.editable === "true";
  }

  async open() {
    const { version, sectors } = await loadAreas(this.url);
    this.map = createMap(this.element, sectors);
    this.consequences = new Consequences(this.map);
    this.show(version, sectors);
    this.map.fitBounds(this.shapes.bounds().isValid() ? this.shapes.bounds() : this.serviceBounds());
    this.consequences.load();
    if (this.isEditable) this.makeEditable();
    this.element.dataset.ready = "true";
  }

  serviceBounds() {
    const [west, south, east, north] = this.element.dataset.bounds.split(",").map(Number);
    return [[south, west], [north, east]];
  }

  show(version, sectors) {
    this.version = version;
    this.division = new Division(sectors);
    this.shapes = new SectorShapes(this.map, this.division, (id) => this.select(id));
    this.list = new SectorList(this.division, (id) => this.select(id, { zoom: true }));
  }

  /** Handles are made after the shapes of a division, and anew with it. */
  makeEditable() {
    this.handles = new Handles(this.map, this.division, (sectors, state) => this.changed(sectors, state));
    this.outline = new Outline(this.map, this.division, (corners) => this.drawn(corners));
    const acts = {
      undo: () => this.step("undo"),
      redo: () => this.step("redo"),
      save: () => this.save(),
      add: () => this.askForSector(),
      remove: () => this.removeSelected(),
      finish: () => this.outline.finish(),
      back: () => this.outline.takeBack(),
      cancel: () => this.outline.cancel(),
      close: () => this.closeForm(),
    };
    for (const button of document.querySelectorAll("[data-act]")) button.addEventListener("click", acts[button.dataset.act]);
    part("new-sector").addEventListener("submit", (event) => this.startOutline(event));
    part("tools").hidden = false;
    window.addEventListener("beforeunload", (event) => this.division.isDirty && event.preventDefault());
    document.addEventListener("keydown", (event) => this.onKey(event));
    this.map.on("moveend", () => this.tellHidden());
    this.refreshTools();
  }

  select(id, { zoom = false } = {}) {
    if (this.outline?.isActive) return;
    this.selected = id;
    this.shapes.select(id);
    this.list.select(id);
    if (zoom && id !== null) this.map.fitBounds(this.shapes.bounds([id]), { padding: [30, 30], animate: false });
    this.handles?.select(id === null ? null : this.division.sectors.get(id));
    if (this.handles) this.tellSelected();
  }

  tellSelected() {
    const sector = this.division.sectors.get(this.selected);
    part("remove").hidden = !sector;
    if (sector) announce(text("selected", { sector: titleOf(sector) }));
    this.tellHidden();
  }

  tellHidden() {
    part("hidden-corners").hidden = !(this.handles.hidden > 0 && this.selected !== null);
  }

  changed(sectors, { isUnderWay = false } = {}) {
    this.shapes.refresh(sectors);
    if (!isUnderWay) this.refreshTools();
  }

  refreshTools() {
    const { done, undone } = this.division.history;
    const isDirty = this.division.isDirty;
    this.enable("undo", done.length > 0);
    this.enable("redo", undone.length > 0);
    this.enable("save", isDirty && !this.isSaving);
    part("unsaved").hidden = !isDirty;
  }

  /** aria-disabled instead of disabled: the button keeps the focus when its last step is done. */
  enable(act, isEnabled) {
    document.querySelector(`[data-act="${act}"]`).setAttribute("aria-disabled", String(!isEnabled));
  }

  step(direction) {
    if (!this.division.history[direction]()) return;
    this.shapes.refresh(this.division.sectors.values());
    this.list.refresh();
    if (this.division.sectors.get(this.selected)?.removed) this.select(null);
    else this.handles.refresh();
    this.refreshTools();
    announce(text(direction === "undo" ? "undone" : "redone"));
  }

  onKey(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || (key !== "z" && key !== "y")) return;
    if (event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    this.step(key === "y" || event.shiftKey ? "redo" : "undo");
  }

  askForSector() {
    part("new-sector").hidden = false;
    part("new-sector").elements.number.focus();
  }

  closeForm() {
    part("new-sector").hidden = true;
    document.querySelector('[data-act="add"]').focus();
  }

  startOutline(event) {
    event.preventDefault();
    const { number, name, district } = event.target.elements;
    this.details = { number: Number(number.value), name: name.value.trim(), district: Number(district.value) };
    this.select(null);
    part("new-sector").hidden = true;
    this.outline.start();
  }

  drawn(corners) {
    if (corners) {
      const sector = this.division.addSector(this.details, corners);
      part("new-sector").reset();
      this.shapes.refresh([sector]);
      this.list.refresh();
      this.select(sector.id);
      this.list.focus(sector.id);
      this.refreshTools();
      announce(text("drawing_finished", { sector: titleOf(sector) }));
    } else document.querySelector('[data-act="add"]').focus();
  }

  removeSelected() {
    const sector = this.division.sectors.get(this.selected);
    this.division.removeSector(sector);
    this.select(null);
    this.shapes.refresh([sector]);
    this.list.refresh();
    this.refreshTools();
    announce(text("sector_removed", { sector: titleOf(sector) }));
    document.querySelector('[data-act="undo"]').focus();
  }

  async save() {
    const changes = this.division.changes();
    if (this.isSaving || !this.division.isDirty) return;
    this.setSaving(true);
    announce(text("saving"));
    const { version, problems = [] } = await saveAreas(this.url, this.version, changes);
    this.setSaving(false);
    showProblems(problems, (lon, lat) => pointOut(this.map, lon, lat));
    if (version) await this.saved(version, changes);
    else announce("");
    this.refreshTools();
  }

  /** What is sent stays as it is until the answer is there. */
  setSaving(isSaving) {
    this.isSaving = isSaving;
    this.element.inert = isSaving;
    part("sectors").inert = isSaving;
    this.refreshTools();
  }

  /** New sectors are taken out of others by the server, so the areas are read back. Otherwise undo goes on. */
  async saved(version, changes) {
    this.version = version;
    this.division.keep();
    if (changes.added.length + changes.removed.length) await this.reload();
    announce(text("saved"));
    this.consequences.load();
  }

  async reload() {
    const number = this.division.sectors.get(this.selected)?.number;
    const { version, sectors } = await loadAreas(this.url);
    this.select(null);
    this.shapes.clear();
    this.show(version, sectors);
    Object.assign(this.handles, { division: this.division, sector: null });
    this.outline.division = this.division;
    const same = sectors.find((sector) => sector.number === number);
    if (same) this.select(same.id);
  }
}

const element = part("map");
if (element) {
  new Editor(element).open().catch((error) => {
    announce(text("load_failed"));
    throw error;
  });
}
