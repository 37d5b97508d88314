import type { Codes } from './codes.ts';

/** Something that should not be possible. */
export const defectCodes = {
  'HYG-9001': { title: 'Something unexpected happened', meaning: 'Most likely a fault in hygge. Nothing half done becomes visible, whatever it was.' },
} as const satisfies Codes;
