import { Drawer, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { documentOf } from '../documents/store';
import { NameForm } from './NameForm';
import { askToSave, readSavedQueries, saveQuery, useSavedQueries } from './store';

/** Keeps the text of a tab as a saved query. */
export function SaveQueryDrawer() {
  const { saving, folders } = useSavedQueries();
  const [description, setDescription] = useState('');
  useEffect(() => {
    if (saving !== null) void readSavedQueries();
  }, [saving]);
  const close = (): void => askToSave(null);
  const title = saving === null ? '' : (documentOf(saving)?.title.replace(/\.sql$/i, '') ?? '');
  return (
    <Drawer opened={saving !== null} onClose={close} title="Keep as a saved query">
      {saving === null ? null : (
        <NameForm
          key={saving}
          title="A plain .sql file in .ai-shell/queries"
          nameLabel="Name"
          folders={folders}
          withFolder
          initial={{ folder: '', name: title }}
          submit="Keep"
          onCancel={close}
          onSubmit={async (named) => {
            await saveQuery(saving, { ...named, description });
            setDescription('');
            close();
          }}
        >
          <TextInput label="Description" placeholder="what it is for" value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
        </NameForm>
      )}
    </Drawer>
  );
}
