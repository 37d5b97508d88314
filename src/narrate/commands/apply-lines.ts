import { counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { visible } from '../text/visible.ts';

interface Statement {
  readonly text: string;
  /** The position of the file among the files of the command, from 1. */
  readonly line: number;
  readonly isDestructive: boolean;
}

/** One whole statement of a file. */
export function statementLines(
  { text, line, isDestructive }: Statement,
  { at, of, done }: { readonly at: number; readonly of: number; readonly done: boolean },
  palette: Palette,
): readonly string[] {
  const mark = done ? palette.good('✓') : palette.quiet('·');
  const warning = isDestructive ? `  ${palette.caution('removes existing objects')}` : '';
  return [`${mark} ${palette.quiet(`${at + 1}/${of}, line ${line}`)}${warning}`, ...text.split('\n').map((one) => `    ${visible(one)}`)];
}

/** The lines that are shown before the first statement is run. */
export function oneByOneLines(type: string): readonly string[] {
  return [
    `${visible(type)} can't undo definitions of tables: statements run one by one, up to the first that fails, and stay in effect.`,
    '',
  ];
}

/** The result after the last statement. */
export function applyClosing(
  {
    statements,
    destructive,
    how,
  }: { readonly statements: number; readonly destructive: number; readonly how: 'dry run' | 'at once' | 'one by one' },
  palette: Palette,
): readonly string[] {
  if (statements === 0) return ['The file has no statement. Nothing was done.'];
  const all = counted(statements, 'statement');
  if (how !== 'dry run') return ['', `${all} done${how === 'at once' ? ', in one transaction' : ', one by one'}.`];
  const flag =
    destructive === 0
      ? ''
      : ` ${palette.caution(`${counted(destructive, 'of them removes', 'of them remove')} existing objects: --allow-destructive allows them.`)}`;
  return ['', `${all} would be run. Nothing was run.${flag}`];
}
