import { useState } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import { nothingPasted } from '../app/documents';
import { CopyButton } from '../ui/copy-button';
import { Download } from '../ui/icons';
import { Menu } from '../ui/menu';
import { saveFile, TYPES } from '../ui/save';
import { type Form, FORMS } from './forms';
import { printAll } from './printing';
import { ShareDialog } from './share-dialog';

/** Everything that a review can be taken away as. */
export function TakeMenu() {
  const app = useApp();
  const nothing = useValue(state => nothingPasted(state) || !state.result);
  // The session that would make them is gone.
  const detached = useValue(state => state.detached);
  const [sharing, setSharing] = useState(false);
  return (
    <>
      <Menu label="Take away" icon={<Download />}>
        {close =>
          nothing ? (
            <p class="take-empty">Nothing to take away yet: paste a configuration, or choose an example.</p>
          ) : (
            <>
              <div class="take-ways">
                <button
                  type="button"
                  class="button"
                  onClick={() => {
                    close();
                    setSharing(true);
                  }}
                >
                  Share by link…
                </button>
                <button
                  type="button"
                  class="button"
                  onClick={() => {
                    close();
                    void printAll(app);
                  }}
                >
                  Print…
                </button>
              </div>
              <ul class="take-forms">{detached ? null : FORMS.map(form => <Row key={form.id} form={form} />)}</ul>
            </>
          )
        }
      </Menu>
      {sharing && <ShareDialog closed={() => setSharing(false)} />}
    </>
  );
}

function Row({ form }: { form: Form }) {
  const app = useApp();
  const { title, use, ending } = form;
  const file = `${form.name}.${ending}`;
  const make = () =>
    form.make(app.engine).catch((error: unknown) => {
      app.tell(`${title} could not be made: wait for the review to end, and try again`);
      throw error;
    });
  return (
    <li class="take-form" data-form={form.id}>
      <p>
        <strong>{title}</strong>
        <span class="quiet">{use}</span>
      </p>
      <CopyButton text={make} what={title} />
      <button type="button" class="copy" aria-label={`Save ${title} as ${file}`} onClick={() => void make().then(text => saveFile(file, TYPES[ending], text), () => {})}>
        <span aria-hidden="true">Save</span>
      </button>
    </li>
  );
}
