import { specialists, type Role } from '../../shared/roles.ts';

const hints: Partial<Record<Role, RegExp>> = {
  frontend:
    /\b(ui|page|button|css|react|vue|svelte|component|html|style|browser)\b|\.(tsx|jsx|css|html|vue|svelte)$/im,
  designer: /\b(design|layout|colou?r|theme|accessib|ux|icon|typograph)/im,
  'ci/cd engineer':
    /\b(ci|cd|pipeline|deploy|docker|workflow|release|build|package)\b|(^|\/)(dockerfile|\.github\/)/im,
  'security engineer':
    /\b(security|auth|login|token|password|secret|crypto|permission|sanitiz|inject|xss|csrf)/im,
};

/**
 * Specialists who study the repository: all, or those the goal and the files speak of. Architect, backend and qa
 * engineer always take part: structure, logic and tests matter for every goal.
 */
export function selectSpecialists(selection: 'auto' | 'all', goal: string, files: readonly string[]): Role[] {
  if (selection === 'all') return [...specialists];
  const about = `${goal}\n${files.slice(0, 500).join('\n')}`;
  return specialists.filter((role) => hints[role]?.test(about) ?? true);
}
