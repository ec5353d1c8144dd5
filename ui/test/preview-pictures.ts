import { deflateSync } from "node:zlib";
import type { Plugin } from "vite";
import { pdf } from "./fake/pdf.ts";

type Pixel = (x: number, y: number) => [number, number, number, number];

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  let crc = 0xffffffff;
  for (const byte of body) crc = (CRC[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, body.length + 4);
  return out;
}

/** RGBA PNG after the PNG specification (third edition), filter 0 on every line. */
function png(width: number, height: number, pixel: Pixel): Buffer {
  const raw = Buffer.alloc(height * (width * 4 + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) raw.set(pixel(x / width, y / height), y * (width * 4 + 1) + 1 + x * 4);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(raw)), chunk("IEND", Buffer.alloc(0))]);
}

/** Distance from the middle of a lopsided blob: 1 is its edge. */
function blob(x: number, y: number, seed: number): number {
  const [dx, dy] = [(x - 0.5) * 1.33, y - 0.5];
  const angle = Math.atan2(dy, dx);
  const edge = 0.26 + 0.05 * Math.sin(3 * angle + seed) + 0.03 * Math.sin(7 * angle + seed * 2);
  return Math.hypot(dx, dy) / edge;
}

const lesion =
  (seed: number): Pixel =>
  (x, y) => {
    const grain = (((Math.sin(x * 913 + y * 717 + seed) * 43758.5) % 1) - 0.5) * 10;
    const inside = Math.min(1, Math.max(0, (1.12 - blob(x, y, seed)) * 5));
    const net = 18 * Math.sin(x * 90) * Math.sin(y * 70);
    const mix = (skin: number, mark: number) => Math.round(skin + (mark + net - skin) * inside + grain);
    return [mix(214, 108), mix(168, 66), mix(146, 48), 255];
  };

const heat =
  (seed: number): Pixel =>
  (x, y) => {
    const value = Math.exp(-((x - 0.56) ** 2 + (y - 0.46 + 0.04 * Math.sin(seed)) ** 2) / 0.025);
    return [255, Math.round(220 * (1 - value)), 40, Math.round(220 * value)];
  };

/** A pale line with a dark casing where the blob ends. */
const line =
  (seed: number): Pixel =>
  (x, y) => {
    const off = Math.abs(blob(x, y, seed) - 1);
    if (off < 0.008) return [255, 255, 255, 255];
    return off < 0.016 ? [16, 16, 24, 166] : [0, 0, 0, 0];
  };

/** A piece of the photograph of 4000 × 3000 pixels that the samples speak of. */
function tile(path: string, seed: number): Buffer | null {
  const [level = 0, column = 0, row = 0] = (/\/(\d+)\/(\d+)\/(\d+)$/.exec(path) ?? []).slice(1).map(Number);
  if (!path.includes("/tile/") && !path.startsWith("tile/")) return null;
  const [wide, high] = [4000 / 2 ** level, 3000 / 2 ** level].map(Math.ceil) as [number, number];
  const [width, height] = [Math.min(512, wide - column * 512), Math.min(512, high - row * 512)];
  const pixel = lesion(seed);
  return png(width, height, (x, y) => pixel((column * 512 + x * width) / wide, (row * 512 + y * height) / high));
}

/** Draws the pictures that the core would open, so that screens can be looked at in a browser. */
export function previewPictures(): Plugin {
  return {
    name: "preview-pictures",
    configureServer(server) {
      const drawn = new Map<string, Buffer>();
      server.middlewares.use("/vault/", (request, response) => {
        const path = request.url ?? "";
        if (path === "/own/2") {
          response.setHeader("content-type", "application/pdf");
          response.end(Buffer.from(pdf([["Report R-2026-00001", "Harbour Street Dermatology", "", "Excision arranged."], ["Page 2"]])));
          return;
        }
        // All pictures of one photograph show one lesion.
        const seed = [...(/image-\d+/.exec(path)?.[0] ?? path)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 17;
        const known = drawn.get(path);
        const small = path.endsWith("thumbnail");
        const [width, height] = small ? [160, 120] : [640, 480];
        const draw = path.includes("heatmap") ? heat : path.endsWith("/outline") ? line : lesion;
        const picture = known ?? tile(path, seed) ?? png(width, height, draw(seed));
        drawn.set(path, picture);
        response.setHeader("content-type", "image/png");
        response.end(picture);
      });
    },
  };
}
