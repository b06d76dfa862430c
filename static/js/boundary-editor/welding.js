/** Where a corner of one sector lies on a straight border of another, the other gets that corner too. */

const TOLERANCE_M = 0.02;
const METRES_PER_DEGREE = 111320;
const CELL_DEGREES = 0.005;

export function metresPerDegree(lat) {
  return { lon: METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180), lat: METRES_PER_DEGREE };
}

/** The corner's way along the edge (0 to 1) where it lies on it, otherwise null. */
function placeOnEdge(corner, start, end) {
  const scale = metresPerDegree(corner.lat);
  const dx = (end.lon - start.lon) * scale.lon;
  const dy = (end.lat - start.lat) * scale.lat;
  const px = (corner.lon - start.lon) * scale.lon;
  const py = (corner.lat - start.lat) * scale.lat;
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? -1 : (px * dx + py * dy) / squared;
  if (along <= 0 || along >= 1) return null;
  return Math.hypot(px - along * dx, py - along * dy) <= TOLERANCE_M ? along : null;
}

function cellOf(degrees) {
  return Math.floor(degrees / CELL_DEGREES);
}

function cornersByCell(sectors) {
  const cells = new Map();
  const corners = new Set(sectors.flatMap((sector) => sector.polygons.flat(2)));
  for (const corner of corners) {
    const key = `${cellOf(corner.lon)}:${cellOf(corner.lat)}`;
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(corner);
  }
  return cells;
}

function* cornersNear(cells, start, end) {
  const [west, east] = [start.lon, end.lon].sort((a, b) => a - b);
  const [south, north] = [start.lat, end.lat].sort((a, b) => a - b);
  for (let x = cellOf(west - 1e-6); x <= cellOf(east + 1e-6); x += 1) {
    for (let y = cellOf(south - 1e-6); y <= cellOf(north + 1e-6); y += 1) {
      yield* cells.get(`${x}:${y}`) ?? [];
    }
  }
}

/** A corner that the sector has already is left out: its border would touch itself there. */
function weldRing(ring, cells, own) {
  const welded = [];
  ring.forEach((start, index) => {
    const end = ring[(index + 1) % ring.length];
    const between = [];
    for (const corner of cornersNear(cells, start, end)) {
      const along = own.has(corner) ? null : placeOnEdge(corner, start, end);
      if (along !== null) between.push({ corner, along });
    }
    for (const { corner } of between) own.add(corner);
    between.sort((one, other) => one.along - other.along);
    welded.push(start, ...between.map(({ corner }) => corner));
  });
  return welded;
}

/** Cells keep this near to linear in the number of corners. */
export function weld(sectors) {
  const cells = cornersByCell(sectors);
  for (const sector of sectors) {
    const own = new Set(sector.polygons.flat(2));
    sector.polygons = sector.polygons.map((rings) => rings.map((ring) => weldRing(ring, cells, own)));
  }
}
