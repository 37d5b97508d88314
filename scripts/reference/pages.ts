import { cliPage } from './cli-page.ts';
import { configPage } from './config-page.ts';
import { errorsIndex, errorsPages } from './errors-page.ts';

/** The pages of docs/ that are made from code, by path. */
export const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/cli.md': cliPage,
  'docs/config.md': configPage,
  'docs/errors.md': errorsIndex,
  ...errorsPages,
};
