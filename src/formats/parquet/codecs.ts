/** The allowed values of `compression`. Every reader that we know of reads all of them. `levels`: the lowest and the highest `compression_level`. */
export interface CodecLevels {
  readonly levels?: readonly [lowest: number, highest: number];
  /** The default level. A higher level costs more time than it is worth. */
  readonly level?: number;
}

export const codecs = {
  snappy: {},
  gzip: { levels: [0, 9] },
  lz4: {},
  brotli: { levels: [0, 11], level: 1 },
  // Level 1 is as fast as snappy, and its files are a quarter smaller. Level 3 costs a quarter more time, and its files are a twentieth smaller.
  zstd: { levels: [1, 22], level: 1 },
  uncompressed: {},
} as const satisfies Readonly<Record<string, CodecLevels>>;

export type Compression = keyof typeof codecs;

export const compressions = Object.keys(codecs) as [Compression, ...Compression[]];

export function codecOf(compression: Compression): CodecLevels {
  return codecs[compression];
}

/** The valid levels of the compression, for a message. Undefined: the level is valid. */
export function levelProblem(compression: Compression, level: number): string | undefined {
  const { levels } = codecOf(compression);
  if (levels === undefined) return `${compression} has no levels; gzip (0 to 9), brotli (0 to 11) and zstd (1 to 22) have them`;
  const [lowest, highest] = levels;
  return level >= lowest && level <= highest ? undefined : `a level from ${lowest} to ${highest} with ${compression}`;
}
