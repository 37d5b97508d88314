import type { ErrorDetails } from '../../../ports/events.ts';
import { errorBody, headline } from '../../text/error-lines.ts';
import { bytes, counted } from '../../text/figures.ts';
import type { Palette } from '../../text/palette.ts';
import { entityArgument, shownEntity, visible } from '../../text/visible.ts';

/** The result of `hygge verify --settled` for an entity; `--output json` prints it unchanged. */
export interface Verified {
  readonly flow: string;
  readonly entity: string;
  readonly ok: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly changed: readonly string[];
  readonly missing: readonly string[];
  /** Files that are older than hygge’s first run, and were adopted unchanged. */
  readonly without_checksum: number;
  /** Files of other writers next to settled files. Readers of the folder read these files too. */
  readonly strays: readonly string[];
  /** Why the files could not be checked. */
  readonly error: ErrorDetails | null;
}

export function progressLine(
  key: { readonly flow: string; readonly entity: string },
  done: { files: number; bytes: number; of: number },
): string {
  return `… ${shownEntity(key.flow, key.entity)}  ${counted(done.files, 'file')}, ${bytes(done.bytes)} of ${bytes(done.of)}`;
}

export function verifiedLines(found: Verified, palette: Palette): readonly string[] {
  const { flow, entity, error, changed, missing, strays } = found;
  const name = shownEntity(flow, entity);
  if (error) return [`${palette.bad('✗')} ${name}  ${headline(error, palette)}`, ...errorBody(error, palette)];
  const size = `${counted(found.files, 'settled file')}, ${bytes(found.bytes)}`;
  if (found.files === 0) return [`${palette.good('✓')} ${name}  no settled files`];
  const rest =
    found.without_checksum === 0 ? '' : `; ${counted(found.without_checksum, 'file has', 'files have')} no checksum: adopted unchanged`;
  const beside =
    strays.length === 0
      ? []
      : [
          `    ${palette.caution(counted(strays.length, 'file'))} next to them did not settle there, but readers of the folder also read ${strays.length === 1 ? 'its' : 'their'} rows:`,
          ...listed(strays),
          `    ${palette.quiet('try')}  Move ${strays.length === 1 ? 'it' : 'them'} out of there`,
        ];
  if (found.ok) return [`${strays.length === 0 ? palette.good('✓') : palette.caution('!')} ${name}  ${size}: intact${rest}`, ...beside];
  const argument = entityArgument(flow, entity);
  return [
    `${palette.bad('✗')} ${name}  ${size}: ${wrong('changed', changed)}${changed.length * missing.length > 0 ? ', ' : ''}${wrong('gone', missing)}${rest}`,
    ...listed([...changed, ...missing]),
    `    ${palette.quiet('try')}  Restore the earlier files`,
    `         Load everything again: hygge reset ${argument}, then hygge go -e ${argument}`,
    ...beside,
  ];
}

function listed(paths: readonly string[]): readonly string[] {
  const more = paths.length > 10 ? [`    … ${paths.length - 10} more`] : [];
  return [...paths.slice(0, 10).map((path) => `    ${visible(path)}`), ...more];
}

function wrong(what: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${names.length} ${what}`;
}

export function verifiedClosing(all: readonly Verified[], palette: Palette): readonly string[] {
  const bad = all.filter(({ ok }) => !ok).length;
  const beside = all.filter(({ strays }) => strays.length > 0).length;
  if (bad === 0 && beside > 0)
    return [
      '',
      palette.caution(
        `All settled files are intact; ${counted(beside, 'entity has', 'entities have')} files next to them that did not settle.`,
      ),
    ];
  if (bad === 0) return ['', palette.good(`All settled files are intact: ${counted(all.length, 'entity', 'entities')}.`)];
  return ['', palette.bad(`${counted(bad, 'entity', 'entities')} of ${all.length} ${bad === 1 ? 'needs' : 'need'} attention.`)];
}
