//! Verification of Ed25519 signatures (RFC 8032), by the engine where it can.
//!
//! Many cannot: engines before 2023 to 2025, pages from `http:`, and in Chromium the workers of
//! sandboxed frames, in which newsrooms show the widget. There the large integers of the engine
//! verify. Nothing here is secret, so that the time may depend on what is verified.

import type { Verify } from "../../pkg/cek_nik";

type Bytes = Uint8Array<ArrayBuffer>;

/** Whether two signatures of 64 bytes are those of two messages by a public key of 32 bytes. */
export const verify: Verify = async ([key, one, ofOne, two, ofTwo]) =>
  (await isGood(key, one, ofOne)) && (await isGood(key, two, ofTwo));

async function isGood(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  try {
    const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, signature, message);
  } catch {
    return isSigned(key, message, signature);
  }
}

/** The prime of the field, and the order of the base point. */
const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const HALF = 1n << 255n;

/** The remainder of the field, never negative. */
const rest = (number: bigint): bigint => ((number % P) + P) % P;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (; exponent; exponent >>= 1n) {
    result = exponent & 1n ? (result * base) % P : result;
    base = (base * base) % P;
  }
  return result;
}

const inverse = (number: bigint): bigint => power(number, P - 2n);

/** The constant of the curve, computed by the first verification: a worker starts without it. */
let D = 0n;

/** Extended coordinates: x = X / Z, y = Y / Z, and T = XY / Z. RFC 8032, 5.1.4. */
type Point = readonly [X: bigint, Y: bigint, Z: bigint, T: bigint];

const NEUTRAL: Point = [0n, 1n, 1n, 0n];

function add([x, y, z, t]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = (y - x) * (y2 - x2);
  const b = (y + x) * (y2 + x2);
  const c = 2n * t * t2 * D;
  const d = 2n * z * z2;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [rest(e * f), rest(g * h), rest(f * g), rest(e * h)];
}

function times(factor: bigint, point: Point): Point {
  let product = NEUTRAL;
  for (; factor; factor >>= 1n) {
    product = factor & 1n ? add(product, point) : product;
    point = add(point, point);
  }
  return product;
}

/** The point of an encoding, a number with y and the sign of x; `undefined` if there is none. */
function pointOf(encoded: bigint): Point | undefined {
  const y = encoded % HALF;
  const square = rest((y * y - 1n) * inverse(D * y * y + 1n));
  let x = power(square, (P + 3n) / 8n);
  if ((x * x) % P !== square) {
    x = (x * power(2n, (P - 1n) / 4n)) % P;
  }
  const isOdd = encoded >= HALF;
  if (y >= P || (x * x) % P !== square || (!x && isOdd)) {
    return undefined;
  }
  x = Boolean(x & 1n) === isOdd ? x : P - x;
  return [x, y, 1n, (x * y) % P];
}

function encodingOf([x, y, z]: Point): bigint {
  const scale = inverse(z);
  return ((y * scale) % P) + (((x * scale) % P) & 1n) * HALF;
}

/** RFC 8032, 5.1.7, without the cofactor. */
function isSigned(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  D ||= rest(-121665n * inverse(121666n));
  const base = pointOf(rest(4n * inverse(5n)))!;
  const [r, s] = [signature.subarray(0, 32), littleEndian(signature.subarray(32))];
  const owner = pointOf(littleEndian(key));
  if (!owner || s >= ORDER) {
    return false;
  }
  const [x, y, z, t] = owner;
  const hash = littleEndian(sha512(Uint8Array.of(...r, ...key, ...message))) % ORDER;
  const found = add(times(s, base), times(hash, [P - x, y, z, P - t]));
  return encodingOf(found) === littleEndian(r);
}

const littleEndian = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((number, byte) => (number << 8n) + BigInt(byte), 0n);

const word = (number: bigint): bigint => BigInt.asUintN(64, number);

/** The first 64 bits behind the point of the roots of the first primes: FIPS 180-4, 4.2.3. */
function rootsOfPrimes(count: number, degree: bigint): bigint[] {
  const roots = [];
  for (let prime = 2n; roots.length < count; prime++) {
    let isPrime = true;
    for (let factor = 2n; factor < prime; factor++) {
      isPrime &&= prime % factor !== 0n;
    }
    if (isPrime) {
      let root = 0n;
      for (let bit = 1n << 70n; bit; bit >>= 1n) {
        root += (root + bit) ** degree <= prime << (64n * degree) ? bit : 0n;
      }
      roots.push(word(root));
    }
  }
  return roots;
}

/** FIPS 180-4, 6.4. */
function sha512(message: Uint8Array): Uint8Array {
  const constants = rootsOfPrimes(80, 3n);
  const state = rootsOfPrimes(8, 2n);
  const padded = new DataView(new ArrayBuffer((message.length + 144) & -128));
  new Uint8Array(padded.buffer).set([...message, 128]);
  padded.setUint32(padded.byteLength - 4, message.length * 8);
  const turned = (number: bigint, ...turns: bigint[]): bigint =>
    turns.reduce((sum, turn) => sum ^ word((number >> turn) | (number << (64n - turn))), 0n);
  for (let block = 0; block < padded.byteLength; block += 128) {
    const words: bigint[] = [];
    let [a, b, c, d, e, f, g, h] = state as [
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    constants.forEach((constant, place) => {
      const [w2 = 0n, w7 = 0n, w15 = 0n, w16 = 0n] = [2, 7, 15, 16].map(
        (back) => words[place - back],
      );
      const w = word(
        place < 16
          ? padded.getBigUint64(block + 8 * place)
          : w16 + (turned(w15, 1n, 8n) ^ (w15 >> 7n)) + w7 + (turned(w2, 19n, 61n) ^ (w2 >> 6n)),
      );
      words.push(w);
      const one = h + turned(e, 14n, 18n, 41n) + ((e & f) ^ (~e & g)) + constant + w;
      const two = turned(a, 28n, 34n, 39n) + ((a & b) ^ (a & c) ^ (b & c));
      [a, b, c, d, e, f, g, h] = [word(one + two), a, b, c, word(d + one), e, f, g];
    });
    [a, b, c, d, e, f, g, h].forEach((value, place) => {
      state[place] = word(state[place]! + value);
    });
  }
  state.forEach((value, place) => padded.setBigUint64(8 * place, value));
  return new Uint8Array(padded.buffer, 0, 64);
}
