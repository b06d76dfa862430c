/** The sectors of a draft as one network: a corner that several sectors share is one object, so it moves in all. */

import { History } from "./history.js";
import { metresPerDegree, weld } from "./welding.js";

/** Corners nearer than this count as the same: 1e-7 degrees is about one centimetre. */
const PLACES = 1e7;
const CORNERS_OF_A_TRIANGLE = 3;

export class Division {
  constructor(sectors) {
    this.corners = new Map();
    this.sectors = new Map();
    this.history = new History();
    this.lastNewId = 0;
    /** Every sector that was ever changed here, with its area as the server has it. */
    this.touched = new Map();
    for (const sector of sectors) this.sectors.set(sector.id, this.read(sector));
    weld([...this.sectors.values()]);
  }

  read({ coordinates, ...sector }) {
    const own = new Set();
    const polygons = coordinates
      .map((rings) => rings.map((ring) => this.ring(ring, own)))
      .filter(([outline]) => isRing(outline))
      .map(([outline, ...holes]) => [outline, ...holes.filter(isRing)]);
    return { ...sector, polygons, removed: false };
  }

  /** Rings are kept open here: the closing corner of GeoJSON is the first one again. */
  ring(positions, own) {
    const ring = positions.slice(0, -1).map(([lon, lat]) => this.cornerAt(lon, lat, own));
    return ring.filter((corner, index) => corner !== ring[(index + 1) % ring.length]);
  }

  /** The corner at this place, or another sector's beside it. Two of the same sector stay two, however near. */
  cornerAt(lon, lat, own) {
    const near = this.cornersBeside(lon, lat);
    const corner =
      near.find((known) => known.lon === lon && known.lat === lat) ??
      near.find((known) => !own.has(known)) ??
      this.newCorner(lon, lat);
    own.add(corner);
    return corner;
  }

  cornersBeside(lon, lat) {
    const [x, y] = [Math.round(lon * PLACES), Math.round(lat * PLACES)];
    const found = [];
    for (let dx = -1; dx <= 1; dx += 1) {
      for (let dy = -1; dy <= 1; dy += 1) found.push(...(this.corners.get(`${x + dx}:${y + dy}`) ?? []));
    }
    return found;
  }

  newCorner(lon, lat) {
    const corner = { lon, lat };
    const key = `${Math.round(lon * PLACES)}:${Math.round(lat * PLACES)}`;
    this.corners.set(key, [...(this.corners.get(key) ?? []), corner]);
    return corner;
  }

  present() {
    return [...this.sectors.values()].filter((sector) => !sector.removed);
  }

  sectorsAt(corner) {
    return this.present().filter((sector) => ringsOf(sector).some((ring) => ring.includes(corner)));
  }

  /** Begin a change of these corners and sectors; `finish` makes it one step of undo. */
  begin(sectors, corners = []) {
    for (const sector of [...sectors, ...corners.flatMap((corner) => this.sectorsAt(corner))]) {
      if (!this.touched.has(sector)) this.touched.set(sector, this.asSaved(sector));
    }
    return this.history.begin(sectors, corners);
  }

  finish(step) {
    this.history.finish(step);
  }

  /** Move a corner by metres to the east and to the north, in every sector that has it. */
  nudge(corner, east, north) {
    const step = this.begin([], [corner]);
    const scale = metresPerDegree(corner.lat);
    corner.lon += east / scale.lon;
    corner.lat += north / scale.lat;
    this.finish(step);
  }

  /** Put a new corner between two neighbouring ones, in every sector whose border runs from one to the other. */
  insert(first, second, lon, lat) {
    const sectors = this.sectorsAt(first).filter((sector) => edgesOf(sector, first, second).length > 0);
    const step = this.begin(sectors);
    const corner = { lon, lat };
    for (const sector of sectors) {
      for (const [ring, index] of edgesOf(sector, first, second)) ring.splice(index + 1, 0, corner);
    }
    this.finish(step);
    return corner;
  }

  /** Take a corner out of every sector that has it. Returns why that cannot be: "triangle", "meeting" or "". */
  remove(corner) {
    const sectors = this.sectorsAt(corner);
    const rings = sectors.flatMap(ringsOf).filter((ring) => ring.includes(corner));
    if (rings.some((ring) => ring.length <= CORNERS_OF_A_TRIANGLE)) return "triangle";
    if (!rings.every((ring) => isSameBorder(ring, rings[0], corner))) return "meeting";
    const step = this.begin(sectors);
    for (const ring of rings) ring.splice(ring.indexOf(corner), 1);
    this.finish(step);
    return "";
  }

  addSector(details, ring) {
    this.lastNewId += 1;
    const sector = { ...details, id: `new-${this.lastNewId}`, isNew: true, polygons: [[ring]], removed: true };
    this.sectors.set(sector.id, sector);
    const step = this.begin([sector]);
    sector.removed = false;
    this.finish(step);
    return sector;
  }

  removeSector(sector) {
    const step = this.begin([sector]);
    sector.removed = true;
    this.finish(step);
  }

  asSaved(sector) {
    return sector.isNew ? null : JSON.stringify(coordinatesOf(sector));
  }

  /** Remember everything as it is now as saved. */
  keep() {
    for (const sector of this.touched.keys()) this.touched.set(sector, this.asSaved(sector));
  }

  isChanged(sector) {
    return !sector.isNew && !sector.removed && this.asSaved(sector) !== this.touched.get(sector);
  }

  /** What the server has to be told: the areas that differ from what it has, and no others. */
  changes() {
    const drawn = [...this.touched.keys()];
    return {
      changed: drawn
        .filter((sector) => this.isChanged(sector))
        .map((sector) => ({ sector: sector.id, coordinates: coordinatesOf(sector) })),
      added: drawn
        .filter((sector) => sector.isNew && !sector.removed)
        .map(({ number, name, district, ...sector }) => ({
          number,
          name,
          district,
          coordinates: coordinatesOf(sector),
        })),
      removed: drawn.filter((s) => s.removed && !s.isNew).map((s) => s.id),
    };
  }

  get isDirty() {
    const { changed, added, removed } = this.changes();
    return changed.length + added.length + removed.length > 0;
  }
}

/** A hole of a centimetre has no corners that differ; it is not carried on. */
function isRing(ring) {
  return ring.length >= CORNERS_OF_A_TRIANGLE;
}

export function ringsOf(sector) {
  return sector.polygons.flat();
}

export function coordinatesOf(sector) {
  return sector.polygons.map((rings) =>
    rings.map((ring) => [...ring, ring[0]].map((corner) => [corner.lon, corner.lat])),
  );
}

/** Where borders meet, the sectors have other corners beside this one, and taking it out would tear a hole. */
function isSameBorder(ring, other, corner) {
  const beside = besideIn(other, corner);
  return besideIn(ring, corner).every((neighbour) => beside.includes(neighbour));
}

function besideIn(ring, corner) {
  const index = ring.indexOf(corner);
  return [ring.at(index - 1), ring[(index + 1) % ring.length]];
}

function edgesOf(sector, first, second) {
  const found = [];
  for (const ring of ringsOf(sector)) {
    ring.forEach((corner, index) => {
      const next = ring[(index + 1) % ring.length];
      if ((corner === first && next === second) || (corner === second && next === first)) found.push([ring, index]);
    });
  }
  return found.sort((one, other) => other[1] - one[1]);
}
