import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandTree, leaves } from '../../scripts/reference/cli-page.ts';
import { readHandbook } from '../../src/docs/pages.ts';
import { searchIn } from '../../src/docs/search.ts';
import { root } from '../architecture/sources.ts';

type Answers = Readonly<Record<string, readonly string[]>>;

/** Of newcomers and operators, with pages; of a data engineer who had seen neither hygge nor its pages, with sections (page, `#`, beginning of the anchor). */
const { newcomers, stranger }: { readonly newcomers: Answers; readonly stranger: Answers } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'questions.json'), 'utf8'),
);

const { pages, glossary } = readHandbook(root);
const search = searchIn(pages, glossary);

describe('the page of short answers', () => {
  const { sections } = pages.find(({ name }) => name === 'questions') ?? { sections: [] };
  const asked = sections.filter(({ level }) => level === 2);

  test('is found by each of its own questions', () => {
    const lost = asked.filter(({ heading, anchor }) => {
      const first = search(heading).hits[0]?.section;
      return first?.page !== 'questions' || first.anchor !== anchor;
    });
    expect(lost.map(({ heading }) => heading)).toEqual([]);
  });

  test('answers briefly', () => {
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.filter(({ body }) => body.split(/\s+/).length > 75).map(({ heading }) => heading)).toEqual([]);
  });

  test('names commands and options that there are', () => {
    const known = new Map(leaves(commandTree()).map(({ name, command }) => [name, command]));
    const told = asked.flatMap(({ body }) => [...body.matchAll(/`(hygge [^`]+)`/g)].map(([, command = '']) => command));
    expect(told.length).toBeGreaterThan(15);
    for (const line of told.filter((one) => !one.startsWith('hygge docs'))) {
      const [, first = '', second = ''] = line.split(' ');
      const command = known.get(`hygge ${first} ${second}`) ?? known.get(`hygge ${first}`);
      expect([line, command === undefined]).toEqual([line, false]);
      const options = [...(command?.options ?? []), ...commandTree().options].flatMap(({ long, short }) => [long, short]);
      expect([line, (line.match(/ --?[a-z][\w-]*/g) ?? []).filter((flag) => !options.includes(flag.trim()))]).toEqual([line, []]);
    }
  });
});

describe('the first three answers of hygge docs', () => {
  const first = (question: string) => search(question).hits.slice(0, 3);
  const place = ({ section }: { readonly section: { readonly page: string; readonly anchor: string } }) =>
    `${section.page}#${section.anchor}`;

  test.each([
    ['newcomers', newcomers, (answer: string) => `${answer}#`],
    ['a stranger', stranger, (answer: string) => answer],
  ] as const)('hold what %s ask', (_, questions, beginning) => {
    const unanswered = Object.entries(questions).flatMap(([question, answers]) => {
      const found = first(question).map(place);
      const isAnswered = found.some((one) => answers.some((answer) => one.startsWith(beginning(answer))));
      return isAnswered ? [] : [`${question}: ${found.join(', ')}`];
    });
    expect(unanswered).toEqual([]);
  });
});
