import { describe, expect, it } from 'vitest';
import { noticeBody } from '../../src/narrate/commands/notice-bodies.ts';
import { noticeText } from '../../src/narrate/commands/notice-lines.ts';
import type { Notice } from '../../src/ports/webhook.ts';

const failed: Notice = {
  workspace: 'northwind',
  flow: 'crm',
  run_id: '01RUN',
  what: 'error',
  at: '2026-11-20T02:00:30.000Z',
  seconds: 12.5,
  rows: 1204,
  counts: { pass: 9, warn: 1, error: 2, skip: 0 },
  failed: [
    {
      entity: 'Account',
      code: 'HYG-2012',
      what: 'The schema changed. It did.',
      try: 'Look at it.',
      since: '2026-11-18T02:00:10.000Z',
      times: 3,
    },
    { entity: 'Contact', code: null, what: 'It failed.', try: 'Look.', since: '2026-11-20T02:00:10.000Z', times: 1 },
  ],
  warned: ['Lead'],
  recovered: [],
  recovered_total: 0,
};
const recovered: Notice = {
  ...failed,
  what: 'recovered',
  counts: { pass: 12, warn: 0, error: 0, skip: 0 },
  failed: [],
  warned: [],
  recovered: ['Account', 'Contact'],
  recovered_total: 2,
};

const linesOf = (notice: Notice) => {
  const { headline, paragraphs, more } = noticeText(notice);
  return [headline, ...paragraphs.flatMap(({ title, lines }) => [...(title === null ? [] : [`[${title}]`]), ...lines]), more];
};

describe('a notice in words', () => {
  it('says what failed, what to try, since when, what passed, and where to read on', () => {
    expect(linesOf(failed)).toEqual([
      '✗ crm: 2 of 12 entities failed',
      '[Account  HYG-2012]',
      'The schema changed. It did.',
      'Try: Look at it.',
      'Failing since 2026-11-18 02:00 UTC: 3 runs one after another.',
      '[Contact]',
      'It failed.',
      'Try: Look.',
      'northwind, 2026-11-20 02:00 UTC: 9 passed, 1 with a warning, 2 failed, 0 skipped; 1,204 rows settled in 12.5 s.',
      'hygge journal --run 01RUN',
    ]);
  });

  it('counts those it does not name', () => {
    expect(linesOf({ ...failed, counts: { ...failed.counts, error: 9 } })).toContain('7 entities failed as well.');
    const held = linesOf({ ...failed, counts: { pass: 0, warn: 0, error: 1, skip: 0 }, failed: [] });
    expect(held[0]).toBe('✗ crm failed');
    expect(held).toContain('1 entity could not be started: another run is in progress, or stopped it.');
  });

  it('says what works again, and what passed with a warning', () => {
    expect(linesOf(recovered).slice(0, 2)).toEqual(['✓ crm works again', 'Failed the last time, and passed now: Account, Contact.']);
    expect(linesOf({ ...recovered, recovered_total: 19 })[1]).toBe('Failed the last time, and passed now: Account, Contact and 17 more.');
    const warned = { ...failed, what: 'warn', counts: { pass: 1, warn: 7, error: 0, skip: 0 }, failed: [], warned: ['a', 'b'] } as const;
    expect(linesOf(warned).slice(0, 2)).toEqual(['! crm passed with 7 warnings', 'With a warning: a, b and 5 more.']);
  });
});

interface Card {
  readonly type: string;
  readonly attachments: readonly {
    readonly contentType: string;
    readonly content: { readonly type: string; readonly version: string; readonly body: readonly Readonly<Record<string, unknown>>[] };
  }[];
}

const nasty: Notice = {
  ...failed,
  failed: failed.failed.map((one) => ({ ...one, entity: '[click](https://evil.example) <!channel> *bold* `x`\u202e' })),
};

describe('for Teams', () => {
  it('is one adaptive card in a message', () => {
    const card = noticeBody(failed, 'teams') as unknown as Card;
    expect(card.type).toBe('message');
    expect(card.attachments).toHaveLength(1);
    expect(card.attachments[0]).toMatchObject({
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: { type: 'AdaptiveCard', version: '1.4' },
    });
    expect(card.attachments[0]?.content.body[0]).toMatchObject({
      type: 'RichTextBlock',
      inlines: [{ type: 'TextRun', text: '✗ crm: 2 of 12 entities failed', color: 'Attention' }],
    });
  });

  it('holds names as text runs only, in which nothing is markup', () => {
    const { body } = (noticeBody(nasty, 'teams') as unknown as Card).attachments[0]?.content ?? { body: [] };
    expect(new Set(body.map(({ type }) => type))).toEqual(new Set(['RichTextBlock']));
    expect(JSON.stringify(body)).toContain('[click](https://evil.example)');
    expect(JSON.stringify(body)).not.toContain('\u202e');
  });
});

describe('for Slack', () => {
  interface Message {
    readonly text: string;
    readonly blocks: readonly { readonly type: string; readonly text?: { readonly type: string; readonly text: string } }[];
  }

  it('is a headline for notifications, and blocks of plain text', () => {
    const { text, blocks } = noticeBody(nasty, 'slack') as unknown as Message;
    expect(text).toBe('✗ crm: 2 of 12 entities failed');
    expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section', 'section', 'context']);
    expect(new Set(blocks.flatMap((block) => block.text?.type ?? []))).toEqual(new Set(['plain_text']));
  });

  it('keeps to the lengths that Slack takes', () => {
    const long = { ...failed, failed: failed.failed.map((one) => ({ ...one, what: 'x'.repeat(4000) })), flow: 'f'.repeat(60) };
    for (const { type, text } of (noticeBody(long, 'slack') as unknown as Message).blocks)
      if (text) expect(text.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3000);
  });
});

describe('for programs', () => {
  it('is all there is to know, and the words', () => {
    expect(noticeBody(recovered, 'json')).toEqual({ ...recovered, version: 1, text: expect.stringMatching(/^✓ crm works again\n/) });
  });
});
