import type { Palette } from './palette.ts';
import { visible } from './visible.ts';

export interface Made {
  readonly name: string;
  readonly files: readonly string[];
  /** Left as they were. */
  readonly kept: readonly string[];
  readonly directory: string;
  readonly example: boolean;
}

/** What `hygge init` says when the workspace stands. */
export function welcomeLines(made: Made, palette: Palette): readonly string[] {
  const inside = made.directory === '.' ? [] : [`cd ${quotedForShell(made.directory)}`];
  const first = made.example
    ? ['hygge go            watch 1,000 orders and 50 customers settle', 'hygge go            again: nothing is new, nothing moves']
    : [
        'put a parquet file at data/inbox/orders.parquet, or edit flows/hello/flow.yml',
        'hygge go --dry-run  see what would happen',
        'hygge go            let it settle',
      ];
  const steps = [...inside, ...first, 'hygge status        see what is settled'];
  return [
    `Welcome home. ${palette.strong(visible(made.name))} is ready:`,
    ...made.files.map((file) => `  ${palette.good('+')} ${visible(file)}`),
    ...made.kept.map(
      (file) =>
        `  ${palette.quiet('=')} ${visible(file)} was there and stays as it is${file === '.gitignore' ? '; .hygge/* and .env belong in it' : ''}`,
    ),
    '',
    'Next:',
    ...steps.map((step, nth) => `  ${nth + 1}. ${step}`),
  ];
}

function quotedForShell(path: string): string {
  return /^[\w./+@:-]+$/.test(path) ? path : `'${visible(path).replaceAll("'", "'\\''")}'`;
}
