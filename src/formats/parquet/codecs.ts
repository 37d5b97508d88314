/** The values of `compression`; every reader we know of reads them all. `levels`: the lowest and highest `compression_level`. */
export interface CodecLevels {
  readonly levels?: readonly [lowest: number, highest: number];
  /** The default level. A higher one costs more than it gains. */
  readonly level?: number;
}

export const codecs = {
  snappy: {},
  gzip: { levels: [0, 9] },
  lz4: {},
  brotli: { levels: [0, 11], level: 1 },
  // Level 1 is as fast as snappy and a quarter smaller; level 3 costs a quarter more time for a twentieth less.
  zstd: { levels: [1, 22], level: 1 },
  uncompressed: {},
} as const satisfies Readonly<Record<string, CodecLevels>>;

export type Compression = keyof typeof codecs;

export const compressions = Object.keys(codecs) as [Compression, ...Compression[]];

export function codecOf(compression: Compression): CodecLevels {
  return codecs[compression];
}

/** The valid levels of this compression, for a message; undefined: this level is valid. */
export function levelProblem(compression: Compression, level: number): string | undefined {
  const { levels } = codecOf(compression);
  if (levels === undefined) return `There are no levels with ${compression}; gzip (0 to 9), brotli (0 to 11) and zstd (1 to 22) have them`;
  const [lowest, highest] = levels;
  return level >= lowest && level <= highest ? undefined : `a level from ${lowest} to ${highest} with ${compression}`;
}
