// Where a party is, on a small map. With data-lat-field and data-lon-field a tap fills these fields.

import { createMap, outline, pageData, point } from "./ground.js";

const CLOSE = 16;

class PartyPlace {
  constructor(element) {
    this.map = createMap(element);
    this.area = pageData("sector-outline");
    const { lat, lon, latField, lonField } = element.dataset;
    this.fields = latField ? [latField, lonField].map((id) => document.getElementById(id)) : null;
    const at = this.fields ? this.typed() : [Number(lat), Number(lon)];
    this.show(at, this.area ? outline(this.map, this.area) : null);
    if (this.fields) this.listen(element);
  }

  show(at, bounds) {
    if (at) this.map.setView(at, CLOSE, { animate: false });
    else if (bounds?.isValid()) this.map.fitBounds(bounds, { padding: [8, 8], animate: false });
    else this.map.setView([55.7, 12.5], 11, { animate: false });
    if (at) this.mark(at);
  }

  typed() {
    const at = this.fields.map((field) => Number(field.value.trim().replace(",", ".") || NaN));
    return at.every(Number.isFinite) && Math.abs(at[0]) <= 90 && Math.abs(at[1]) <= 180 ? at : null;
  }

  mark(at) {
    this.marker?.remove();
    this.marker = point(at).addTo(this.map);
  }

  listen(element) {
    element.classList.add("is-clickable");
    this.map.on("click", ({ latlng }) => this.take(latlng.wrap(), element.closest("[data-place-picker]")));
    for (const field of this.fields)
      field.addEventListener("change", () => {
        const at = this.typed();
        if (at) this.show(at, null);
        else this.marker?.remove();
      });
  }

  take({ lat, lng }, picker) {
    [lat, lng].forEach((degrees, index) => (this.fields[index].value = degrees.toFixed(6)));
    this.mark([lat, lng]);
    picker.querySelector("[data-place-said]").textContent = picker.dataset.hint;
  }
}

for (const element of document.querySelectorAll("[data-party-place]")) new PartyPlace(element);
