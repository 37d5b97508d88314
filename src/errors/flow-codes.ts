import type { Codes } from './codes.ts';

/** Why a run stopped. */
export const flowCodes = {
  'HYG-2001': { title: 'Held by another run', meaning: 'Another run works on this entity right now. Nothing was changed.' },
  'HYG-2002': {
    title: 'The destination holds data that hygge did not put there',
    meaning: 'Nothing is settled for this entity, yet the destination is not empty. hygge never mixes or replaces such data silently.',
  },
  'HYG-2003': {
    title: 'State and destination disagree',
    meaning:
      'The last commit that the state remembers is not the last commit of the destination: one of them was restored, deleted or written by someone else.',
  },
  'HYG-2004': {
    title: 'Settled data is missing',
    meaning: 'Files that the last commit put there are gone or changed. Loading only new rows on top would be green but wrong.',
  },
  'HYG-2005': {
    title: 'Staged parts are lost',
    meaning: 'A commit was decided, but something it needs is neither staged nor published. Nothing of it was published.',
  },
  'HYG-2006': {
    title: 'Overtaken by a later run',
    meaning: 'A later run claimed the entity while this one was away. This one ends without a trace.',
  },
  'HYG-2007': {
    title: 'Source, destination or watermark changed',
    meaning: 'What is settled was read from another source, column or type, so an incremental run would mix two things.',
  },
  'HYG-2008': {
    title: 'Rows read and rows staged differ',
    meaning: 'A guard rail: every row that is read must be written, or the run fails.',
  },
  'HYG-2009': {
    title: 'Nulls read and nulls staged differ',
    meaning: 'A guard rail: the nulls of every column must be the same on both sides.',
  },
  'HYG-2010': {
    title: 'The watermark column holds nulls',
    meaning: 'Rows without a watermark can never be found again by an incremental run.',
  },
  'HYG-2011': { title: 'No such watermark column', meaning: 'The column named in watermark.column is not in the source.' },
  'HYG-2012': {
    title: 'The schema changed',
    meaning: 'The source has other columns or types than what is settled; an incremental run would leave files that cannot be read as one.',
  },
  'HYG-2013': { title: 'Slices disagree about the schema', meaning: 'Two pieces of one read have different columns or types.' },
  'HYG-2014': {
    title: 'The store cannot do that',
    meaning: 'The configuration asks for a way of writing that this kind of store does not have.',
  },
  'HYG-2015': { title: 'Nothing tells new from old', meaning: 'An incremental run needs a watermark column, or a source of files.' },
  'HYG-2016': {
    title: 'The state of this destination lives elsewhere',
    meaning: 'The destination was filled by a hygge whose state is kept in another place.',
  },
  'HYG-2017': { title: 'The reset cannot be done', meaning: 'What was asked does not fit what state and destination hold.' },
  'HYG-2018': { title: 'Not started', meaning: 'An earlier entity failed and continue_on_error is false.' },
  'HYG-2019': {
    title: 'A source file changed after it was taken',
    meaning: 'Its rows are settled already; changed_files says what to do with such a file, and its default is to stop.',
  },
  'HYG-2020': {
    title: 'Interrupted',
    meaning: 'The run was asked to stop. What was decided is finished, everything else was given up; nothing is half done.',
  },
} as const satisfies Codes;
