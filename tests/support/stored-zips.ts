/**
 * `node:zlib` as `vi.mock` takes it, where packages are made that are unpacked right away: their files are not compressed. To compress the 120 MB of the engine
 * takes seconds of a processor; tests/build/pack-zip.test.ts makes packages that are compressed.
 */
export async function withStoredZips(original: () => Promise<typeof import('node:zlib')>): Promise<object> {
  const own = await original();
  return { ...own, createDeflateRaw: () => own.createDeflateRaw({ level: 0 }) };
}
