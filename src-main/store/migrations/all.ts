import { history } from './001-history';
import { documents } from './002-documents';
import { jobs } from './003-jobs';
import { assistant } from './004-assistant';
import { columnLayouts } from './005-columnLayouts';
import { editor } from './006-editor';
import { conversationBranches } from './007-conversationBranches';
import { sentRequests } from './008-sentRequests';
import { rememberedQuestions } from './009-rememberedQuestions';
import { notesProposals } from './010-notesProposals';
import { endpoints } from './011-endpoints';
import type { Migration } from './migration';

/** In order; see README.md for how to add one. */
export const migrations: readonly Migration[] = [history, documents, jobs, assistant, columnLayouts, editor, conversationBranches, sentRequests, rememberedQuestions, notesProposals, endpoints];
