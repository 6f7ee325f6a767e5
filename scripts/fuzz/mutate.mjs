// Input number `index` of a seed: the same bytes on every machine that has the same seeds.

/** A small generator of random numbers (mulberry32). */
export function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return (value ^ (value >>> 14)) >>> 0;
  };
  return { below: (limit) => (limit <= 1 ? 0 : next() % limit), next };
}

/** Gives a mutated copy, of the kind of the seed that it started from. */
export function createInput(seeds, seed, index) {
  const random = createRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const origin = seeds[random.below(seeds.length)];
  let bytes = origin.bytes.slice();
  const rounds = 1 + random.below(4);
  for (let round = 0; round < rounds && bytes.length > 0; round += 1) {
    const mutation = mutations[random.below(mutations.length)];
    bytes = mutation(bytes, random, seeds);
  }
  return { kind: origin.kind, name: origin.name, bytes };
}

/** Half of the time among the first bytes, where the headers are. */
function pick(bytes, random) {
  const head = Math.min(bytes.length, 256);
  return random.below(2) === 0 ? random.below(head) : random.below(bytes.length);
}

const mutations = [
  flipBits,
  setBytes,
  editField,
  editField,
  editField,
  splice,
  truncate,
  repeat,
  erase,
];

function flipBits(bytes, random) {
  for (let count = 1 + random.below(8); count > 0; count -= 1) {
    bytes[pick(bytes, random)] ^= 1 << random.below(8);
  }
  return bytes;
}

function setBytes(bytes, random) {
  for (let count = 1 + random.below(8); count > 0; count -= 1) {
    bytes[pick(bytes, random)] = random.below(256);
  }
  return bytes;
}

const SIZES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 63, 64, 65, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff];
const LARGE = [0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff, 0x100000000];

/** Overwrites an aligned field with a number that length checks get wrong. */
function editField(bytes, random) {
  const width = [2, 4, 8][random.below(3)];
  if (bytes.length < width) return bytes;
  const step = random.below(4) === 0 ? 1 : width;
  const at = Math.min(Math.floor(pick(bytes, random) / step) * step, bytes.length - width);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const old = width === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
  const near = old + random.below(17) - 8;
  const values = [near, bytes.length, bytes.length - at, bytes.length + 1, ...SIZES, ...LARGE];
  const value = values[random.below(values.length)];
  if (width === 2) view.setUint16(at, value & 0xffff, true);
  else if (width === 4) view.setUint32(at, value >>> 0, true);
  else {
    const high = [0n, 0n, 1n << 53n, 0xffffffffn << 32n, 0x7fffffffn << 32n][random.below(5)];
    view.setBigUint64(at, BigInt.asUintN(64, BigInt(value) + high), true);
  }
  return bytes;
}

/** Puts a piece of another seed over or between the bytes. */
function splice(bytes, random, seeds) {
  const other = seeds[random.below(seeds.length)].bytes;
  const from = random.below(other.length);
  const piece = other.subarray(from, from + 1 + random.below(512));
  const at = pick(bytes, random);
  const rest = bytes.subarray(
    random.below(2) === 0 ? at : Math.min(bytes.length, at + piece.length),
  );
  return concat(bytes.subarray(0, at), piece, rest);
}

function truncate(bytes, random) {
  return bytes.slice(0, random.below(bytes.length));
}

function repeat(bytes, random) {
  const from = pick(bytes, random);
  const piece = bytes.subarray(from, from + 1 + random.below(256));
  const at = pick(bytes, random);
  const copies = Array.from({ length: 1 + random.below(8) }, () => piece);
  return concat(bytes.subarray(0, at), ...copies, bytes.subarray(at));
}

function erase(bytes, random) {
  const from = pick(bytes, random);
  bytes.fill(random.below(2) === 0 ? 0 : 0xff, from, from + 1 + random.below(64));
  return bytes;
}

function concat(...pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
