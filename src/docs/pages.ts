import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ConfigError } from '../errors/hygge-error.ts';
import { type Page, pageOf } from './sections.ts';

/** A page, as in the index. */
export interface ListedPage {
  readonly chapter: string;
  readonly page: string;
  /** The page’s subject, in Markdown. */
  readonly about: string;
}

/** The folder docs/ of an installed hygge. Each page is read when it is requested. */
export interface Handbook {
  /** The page with a name, such as `state`; undefined: no page has the name. */
  page(name: string): Page | undefined;
  readonly pages: readonly Page[];
  /** The glossary, as it is written. */
  readonly glossary: string;
  /** The pages in the order of the index. */
  readonly listed: readonly ListedPage[];
}

const index = 'README.md';

/** The folder below docs/ that has the pages for auditors and for people who build hygge. */
const building = 'building';

/** @param folder of hygge itself @throws ConfigError HYG-1942 if it has no pages. */
export function readHandbook(folder: string): Handbook {
  const docs = join(folder, 'docs');
  if (!existsSync(join(docs, index))) throw missing(docs);
  const text = (path: string) => readFileSync(join(docs, path), 'utf8');
  const pathsIn = (folder: string) =>
    readdirSync(join(docs, folder))
      .filter((file) => file.endsWith('.md') && file !== index)
      .map((file) => join(folder, file));
  const paths = new Map([...pathsIn(''), ...pathsIn(building)].map((path) => [basename(path, '.md'), path]));
  return {
    page(name) {
      const path = paths.get(name);
      return path === undefined ? undefined : pageOf(name, text(path));
    },
    get pages() {
      return [...paths].map(([name, path]) => pageOf(name, text(path)));
    },
    get glossary() {
      return text('glossary.md');
    },
    get listed() {
      return listedIn(text(index));
    },
  };
}

function listedIn(text: string): readonly ListedPage[] {
  return pageOf('README', text).sections.flatMap(({ heading, body }) =>
    [...body.matchAll(/^- \[[^\]]+\]\((?:building\/)?([\w-]+)\.md\): (.*)$/gm)].map(([, page = '', about = '']) => ({
      chapter: heading,
      page,
      about,
    })),
  );
}

function missing(docs: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1942',
    what: 'The pages of the documentation are missing.',
    why: [`${docs} is a part of hygge, but does not exist.`],
    tryThis: ['Install hygge again: npm install --global with the archive it came from'],
  });
}
