/** Undo and redo: each step keeps the rings and the corners that it changed, before and after. */

const STEPS_KEPT = 200;

export class History {
  constructor() {
    this.done = [];
    this.undone = [];
  }

  begin(sectors, corners) {
    return { sectors, corners, before: snapshot(sectors, corners), after: null };
  }

  finish(step) {
    step.after = snapshot(step.sectors, step.corners);
    this.done.push(step);
    if (this.done.length > STEPS_KEPT) this.done.shift();
    this.undone = [];
  }

  undo() {
    const step = this.done.pop();
    if (!step) return false;
    restore(step.before);
    this.undone.push(step);
    return true;
  }

  redo() {
    const step = this.undone.pop();
    if (!step) return false;
    restore(step.after);
    this.done.push(step);
    return true;
  }
}

function snapshot(sectors, corners) {
  return {
    sectors: sectors.map((sector) => ({ sector, polygons: copy(sector.polygons), removed: sector.removed })),
    corners: corners.map((corner) => ({ corner, lon: corner.lon, lat: corner.lat })),
  };
}

function restore({ sectors, corners }) {
  for (const { sector, polygons, removed } of sectors) Object.assign(sector, { polygons: copy(polygons), removed });
  for (const { corner, lon, lat } of corners) Object.assign(corner, { lon, lat });
}

function copy(polygons) {
  return polygons.map((rings) => rings.map((ring) => [...ring]));
}
