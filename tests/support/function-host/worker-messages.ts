import type { WorkerFault } from './worker-faults.ts';

/** Data as the worker's protocol types it: one of these is there. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly int?: number;
  readonly double?: number;
  readonly bytes?: Uint8Array;
  readonly http?: HttpData;
}

export interface HttpData {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly statusCode?: string;
  readonly body?: TypedData | null;
}

export interface Binding {
  readonly type: string;
  readonly direction: 'in' | 'out';
  readonly route?: string;
  readonly methods?: readonly string[];
  readonly authLevel?: string;
  readonly schedule?: string;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
}

export interface InvocationRequest {
  readonly invocationId: string;
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
}

export type ToWorker =
  | { readonly is: 'invoke'; readonly n: number; readonly functionName: string; readonly request: InvocationRequest }
  | { readonly is: 'arm'; readonly fault: WorkerFault | null }
  /** How far the host's clock is from the machine's. */
  | { readonly is: 'clock'; readonly offsetMs: number };

export type FromWorker =
  | { readonly is: 'ready'; readonly functions: readonly FunctionMetadata[] }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'answer'; readonly n: number; readonly answer: Answer; readonly writes: number }
  | { readonly is: 'halting' }
  | { readonly is: 'log'; readonly level: string; readonly category: string; readonly functionName: string; readonly message: string };

export type Answer =
  | { readonly ok: true; readonly returnValue: TypedData | null }
  | { readonly ok: false; readonly message: string; readonly stack: string };
