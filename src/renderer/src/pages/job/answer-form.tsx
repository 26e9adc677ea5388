import { type SyntheticEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { Markdown } from '../../components/markdown.tsx';
import { useJobActions } from './use-job-actions.ts';

/** A question of the crew with the box for its answer; a proposed answer fills the box, for it may need a word more. */
export function AnswerForm({
  escalationId,
  question,
  options,
}: {
  escalationId: string;
  question: string;
  options: readonly string[];
}) {
  const { t } = useTranslation();
  const { answer, busy } = useJobActions();
  const [text, setText] = useState('');
  const send = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (busy || text.trim() === '') return;
    if (await answer(escalationId, text.trim())) setText('');
  };
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => void send(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send(event);
      }}
    >
      <div tabIndex={0} className="max-h-48 overflow-y-auto">
        <Markdown text={question} />
      </div>
      {options.length > 0 && (
        <div className="flex flex-wrap gap-2" role="group" aria-label={t('banner.options')}>
          {options.map((option) => (
            <Button
              key={option}
              className="!h-auto min-h-8 py-1 text-left !whitespace-normal"
              onClick={() => setText(option)}
            >
              {option}
            </Button>
          ))}
        </div>
      )}
      <Field label={t('banner.answer')}>
        {(ids) => (
          <textarea
            {...ids}
            rows={2}
            maxLength={20_000}
            className="control field-sizing-content max-h-40 resize-y"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" look="primary" className="self-end" busy={busy} disabled={text.trim() === ''}>
        {t('banner.answer_send')}
        <Kbd onAccent>Ctrl ↵</Kbd>
      </Button>
    </form>
  );
}
