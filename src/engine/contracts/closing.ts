/** What hygge reports and publishes at the end of a flow's run. It is made outside of the engine, which has no prose and no addresses. */
import type { EntityKey, Json } from '../../ports/values.ts';
import type { Notice, NoticeFormat, NotifySpec, Webhook } from '../../ports/webhook.ts';

export interface Closing {
  /** Where notices of the flow are sent; null: nowhere. */
  notify(flow: string): NotifySpec | null;
  /** Makes the body that a webhook accepts from a notice. */
  message(notice: Notice, format: NoticeFormat): Json;
  readonly webhook: Webhook;
  /** The entity that publishes the journal; null: the journal is not published. */
  readonly mirror: EntityKey | null;
  /**
   * Makes the report page of all flows, and publishes it. Called at the end of a flow's run, at the same time as other calls in this process and in
   * others: each call leaves one whole page, and never replaces a newer page by an older one. Throws if the page can't be published. Null: there is no
   * page.
   */
  readonly page: (() => Promise<PageResult>) | null;
}

export interface PageResult {
  /** What could not be read and is missing on the page; null: the page is complete. */
  readonly amiss: { readonly code: string; readonly what: string } | null;
}
