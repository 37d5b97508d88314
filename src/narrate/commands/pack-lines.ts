import { bytes, count, counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { shownName, visible } from '../text/visible.ts';

/** The result of `hygge pack`; also its line of JSON. */
export interface PackedTold {
  readonly file: string;
  readonly bytes: number;
  readonly unpacked_bytes: number;
  readonly files: number;
  readonly sha256: string;
  readonly hygge_version: string;
  /** The packed flows; null: all flows of the config. */
  readonly flows: readonly string[] | null;
  /** The task hub that host.json names. */
  readonly hub: string;
  readonly with_config: boolean;
  readonly platform: string;
  /** The facts about the config in the package. */
  readonly warnings: readonly string[];
  readonly packages: readonly { readonly name: string; readonly version: string; readonly from: string }[];
  /** The time for the import of the unpacked app in a separate process, in milliseconds. `natives`: null if the native packages are for another platform. */
  readonly import_ms: { readonly app: number; readonly natives: number | null };
}

export function packingLine(done: number, total: number): string {
  return `  packing: ${bytes(done)} of ${bytes(total)}`;
}

export const stoppedLine = 'Stopped. No package was made. An earlier package is unchanged.';

export function packedLines(told: PackedTold, palette: Palette): readonly string[] {
  const line = (label: string, text: string): string => `  ${palette.quiet(label.padEnd(9))} ${text}`;
  const flows = told.flows === null ? 'every flow of its config' : told.flows.map(shownName).join(', ');
  const natives = told.packages.map(({ name, version, from }) => `${name} ${version}${from === 'fetched' ? ' (fetched)' : ''}`).join(', ');
  const { app, natives: native } = told.import_ms;
  const imported =
    native === null ? 'its native parts were not tried: they are for another platform' : `its native parts in ${count(native)} ms`;
  return [
    ...told.warnings.map((warning) => `${palette.caution('WARN')} ${visible(warning)}`),
    `${palette.good('✓')} ${palette.strong(visible(told.file))}: ${bytes(told.bytes)}, ${counted(told.files, 'file')} (${bytes(told.unpacked_bytes)} unpacked)`,
    line('serves', flows),
    line('config', told.with_config ? 'in the package' : 'HYGGE_CONFIG, or hygge-config in the storage of the app: hygge config push'),
    line('task hub', `${told.hub}: each app, slot and laptop on one storage account needs its own hub`),
    line('for', `Node 22.15 or newer on ${told.platform}, with ${natives}`),
    line('tried out', `unpacked elsewhere, it is imported in ${count(app)} ms, and ${imported}`),
    line('sha256', told.sha256),
    '',
    `${palette.quiet('next')}  az functionapp deployment source config-zip -g <group> -n <app> --src ${visible(told.file)}`,
  ];
}
