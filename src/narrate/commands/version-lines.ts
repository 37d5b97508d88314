import type { Palette } from '../text/palette.ts';

/** The version of hygge and its environment; also its line of JSON. */
export interface VersionTold {
  readonly hygge: string;
  readonly node?: string;
  readonly platform?: string;
  /** The folder where hygge is installed. */
  readonly folder?: string;
  readonly engine?: Part;
  /** The DuckDB package, which is needed only to read or write DuckDB files. */
  readonly duckdb?: Part;
}

interface Part {
  /** The package’s name at npm. */
  readonly name: string;
  /** The package’s version; null: the package is not installed. */
  readonly version: string | null;
  /** The error when the package is loaded; null: the package works. */
  readonly problem: string | null;
}

export function versionLines({ hygge, node, platform, folder, engine, duckdb }: VersionTold, palette: Palette): readonly string[] {
  if (node === undefined || platform === undefined || folder === undefined || !engine || !duckdb) return [hygge];
  const line = (label: string, text: string) => `  ${palette.quiet(label.padEnd(9))} ${text}`;
  return [
    `hygge ${hygge}`,
    line('node', `${node} on ${platform}`),
    line('folder', folder),
    line('engine', shown(engine, palette)),
    line('duckdb', duckdb.version === null ? 'not installed; only flows with DuckDB need it' : shown(duckdb, palette)),
  ];
}

const shown = ({ name, version, problem }: Part, palette: Palette) =>
  problem === null ? `${name} ${version ?? ''}` : palette.bad(`${name} ${version ?? ''} does not load: ${problem}`);
