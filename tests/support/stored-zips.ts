/**
 * `fflate` as `vi.mock` takes it, where packages are made that are unpacked right away: their files are stored as they are. To compress the 120 MB of the engine takes
 * eight seconds of a processor; tests/build/pack.test.ts makes a package that is compressed.
 */
export async function withStoredZips(original: () => Promise<typeof import('fflate')>): Promise<object> {
  const own = await original();
  return { ...own, ZipDeflate: own.ZipPassThrough };
}
