import type { EscalationView } from '../../../../shared/escalation.ts';
import type { JobSummary } from '../../../../shared/job.ts';
import { optionsOf, questionOf } from '../../stores/inbox.ts';
import { AnswerForm } from '../job/answer-form.tsx';
import { ItemCard } from './item-card.tsx';

export function QuestionItem({ job, question }: { job: JobSummary; question: EscalationView | undefined }) {
  return (
    <ItemCard job={job}>
      {question && (
        <div className="mt-3 border-t border-line pt-3">
          <AnswerForm
            escalationId={question.escalation_id}
            question={questionOf(question) ?? ''}
            options={optionsOf(question)}
          />
        </div>
      )}
    </ItemCard>
  );
}
