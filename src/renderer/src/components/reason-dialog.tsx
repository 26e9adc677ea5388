import { useState } from 'react';
import { ConfirmDialog } from './dialog.tsx';
import { Field } from './field.tsx';

/** A confirmation that keeps a reason with it. */
export function ReasonDialog({
  label,
  onConfirm,
  ...dialog
}: {
  title: string;
  help: string;
  label: string;
  confirmLabel: string;
  keepLabel?: string;
  busy: boolean;
  onConfirm: (reason: string) => void;
  onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  return (
    <ConfirmDialog {...dialog} look="danger" onConfirm={() => onConfirm(reason.trim())}>
      <Field label={label}>
        {(ids) => (
          <textarea
            {...ids}
            autoFocus
            rows={3}
            maxLength={10_000}
            className="control resize-y"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
