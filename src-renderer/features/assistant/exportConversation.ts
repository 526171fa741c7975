import { client } from '../../client';
import { showDone, showError } from '../../shell/errors';

/** Asks for a file and writes the conversation's shown branch into it. */
export async function exportConversation(conversationId: string, title: string): Promise<void> {
  try {
    const { path } = await client.application.chooseSavePath({ title: 'Export the conversation', defaultName: `${title.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').slice(0, 80)}.md`, extension: 'md' });
    if (path === null) return;
    await client.assistant.exportMarkdown({ conversationId, path });
    showDone(`Wrote ${path}`);
  } catch (error) {
    showError('The conversation was not exported', error);
  }
}
