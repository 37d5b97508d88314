import type { Json } from '../../ports/values.ts';
import type { Notice, NoticeFormat, WatchNotice } from '../../ports/webhook.ts';
import { type NoticeText, noticeText } from './notice-lines.ts';

/** The body of a notice, for each kind of webhook. Every body contains names as plain text, so markup in a name has no effect. */
export function noticeBody(notice: Notice | WatchNotice, format: NoticeFormat): Json {
  switch (format) {
    case 'teams':
      return teams(noticeText(notice), colourOf(notice));
    case 'slack':
      return slack(noticeText(notice));
    case 'json':
      return {
        ...('counts' in notice ? plain(notice) : { ...notice, entities: notice.entities.map((one) => ({ ...one })) }),
        version: 1,
        text: inOnePiece(noticeText(notice)),
      };
  }
}

function plain({ counts, failed, warned, recovered, ...notice }: Notice): { readonly [key: string]: Json } {
  return { ...notice, counts: { ...counts }, failed: failed.map((one) => ({ ...one })), warned: [...warned], recovered: [...recovered] };
}

const colours: Readonly<Record<Notice['what'], string>> = { error: 'Attention', recovered: 'Good', warn: 'Warning' };

function colourOf(notice: Notice | WatchNotice): string {
  return 'counts' in notice ? colours[notice.what] : notice.is_over ? 'Good' : 'Warning';
}

/**
 * An adaptive card in a message, as "When a Teams webhook request is received" posts it to a channel or chat. Text runs do not interpret markdown,
 * unlike text blocks. https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
function teams({ headline, paragraphs, more }: NoticeText, color: string): Json {
  const body: Json[] = [block([{ text: headline, weight: 'Bolder', size: 'Large', color }])];
  for (const { title, lines } of paragraphs) {
    if (title !== null) body.push({ ...block([{ text: title, weight: 'Bolder' }]), separator: true });
    for (const line of lines) body.push(block([{ text: line }]));
  }
  body.push(block([{ text: more, fontType: 'Monospace', isSubtle: true }]));
  const content = { $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.4', body };
  return {
    type: 'message',
    attachments: [
      { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: { ...content, msteams: { width: 'Full' } } },
    ],
  };
}

function block(runs: readonly { readonly [key: string]: Json }[]): { readonly [key: string]: Json } {
  return { type: 'RichTextBlock', inlines: runs.map((run) => ({ type: 'TextRun', ...run })) };
}

/** The most characters that Slack accepts in a header and in a section. https://docs.slack.dev/reference/block-kit/blocks */
const headerAtMost = 150;
const sectionAtMost = 3000;

function slack({ headline, paragraphs, more }: NoticeText): Json {
  const section = (text: string) => ({ type: 'section', text: { type: 'plain_text', text: cut(text, sectionAtMost), emoji: false } });
  return {
    // Slack shows this text in notifications, which have no blocks, and interprets the text as markup.
    text: headline.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(headline, headerAtMost), emoji: false } },
      ...paragraphs.map(({ title, lines }) => section([...(title === null ? [] : [title]), ...lines].join('\n'))),
      { type: 'context', elements: [{ type: 'plain_text', text: more, emoji: false }] },
    ],
  };
}

function cut(text: string, atMost: number): string {
  return text.length <= atMost ? text : `${text.slice(0, atMost - 1)}…`;
}

function inOnePiece({ headline, paragraphs, more }: NoticeText): string {
  return [headline, ...paragraphs.flatMap(({ title, lines }) => [...(title === null ? [] : [title]), ...lines]), more].join('\n');
}
