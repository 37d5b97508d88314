import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const pictures = readdirSync(join(docs, 'pictures'));
const pages = readdirSync(docs)
  .filter((name) => name.endsWith('.md'))
  .map((name) => readFileSync(join(docs, name), 'utf8'));

describe.each(pictures)('%s', (name) => {
  const picture = readFileSync(join(docs, 'pictures', name), 'utf8');

  test('is shown on a page, and tells those who cannot see it what it shows', () => {
    expect(pages.some((page) => new RegExp(`!\\[[^\\]]{20,}\\]\\(pictures/${name}\\)`).test(page))).toBe(true);
    expect(picture).toMatch(/<title>.{20,}<\/title>/);
  });

  test('is small, and can be read on a dark page as well', () => {
    expect(picture.length).toBeLessThan(8_000);
    // By colours of its own for each, or by a background of its own that covers all of it.
    const [, size = 'none'] = /<svg [^>]*(width="\d+" height="\d+")/.exec(picture) ?? [];
    expect(picture.includes('prefers-color-scheme: dark') || picture.includes(`<rect ${size} `)).toBe(true);
  });

  test('loads nothing from elsewhere', () => {
    expect(picture.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|<script|<image|@import/);
  });
});
