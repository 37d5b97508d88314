/** What is told and published when a flow has run. Composed outside the engine: prose and addresses are no business of its. */
import type { EntityKey, Json } from '../../ports/values.ts';
import type { Notice, NoticeFormat, NotifySpec, Webhook } from '../../ports/webhook.ts';

export interface Closing {
  /** Null: nobody is told of this flow. */
  notify(flow: string): NotifySpec | null;
  /** The notice as a webhook takes it. */
  message(notice: Notice, format: NoticeFormat): Json;
  readonly webhook: Webhook;
  /** The entity that publishes the journal; null: it stays where it is. */
  readonly mirror: EntityKey | null;
  /**
   * Makes the page that tells of all flows, and puts it where readers find it. Called when a flow has run, at once with other calls here and
   * elsewhere: each leaves one whole page, and never an older one than was there. Throws what is in the way. Null: there is no page.
   */
  readonly page: (() => Promise<PageResult>) | null;
}

export interface PageResult {
  /** What could not be read, so that the page does not tell of it; null: it tells all. */
  readonly amiss: { readonly code: string; readonly what: string } | null;
}
