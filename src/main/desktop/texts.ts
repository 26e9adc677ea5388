import type { Attention } from '../api/app.ts';
import type { Settings } from '../../shared/settings.ts';

export type Language = 'en' | 'ko';

/** Texts of what the page does not draw: menu, tray, notifications, dialogs. */
export interface Texts {
  menu: {
    file: string;
    edit: string;
    view: string;
    window: string;
    newJob: string;
    settings: string;
    help: string;
  };
  tray: {
    open: string;
    quit: string;
    running: (count: number) => string;
    waiting: (count: number) => string;
    queued: (count: number) => string;
    idle: string;
  };
  notification: Record<Attention['kind'], string>;
  quit: { message: (running: number) => string; detail: string; quit: string; cancel: string };
  pickFolder: string;
  startFailed: string;
  crashed: { message: string; detail: string; quit: string };
}

const en: Texts = {
  menu: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    newJob: 'New Job',
    settings: 'Settings…',
    help: 'Help',
  },
  tray: {
    open: 'Open Dev Crew',
    quit: 'Quit',
    running: (count) => `${count} running`,
    waiting: (count) => (count === 1 ? '1 needs you' : `${count} need you`),
    queued: (count) => `${count} queued`,
    idle: 'No jobs running',
  },
  notification: {
    needs_human: 'A job needs you',
    completed: 'A job is done',
    failed: 'A job failed',
    signed_out: 'An account was signed out',
  },
  quit: {
    message: (running) => (running === 1 ? '1 job is running' : `${running} jobs are running`),
    detail: 'Nothing is lost: it goes on from its last step when Dev Crew starts again.',
    quit: 'Quit',
    cancel: 'Keep running',
  },
  pickFolder: 'Choose a repository',
  startFailed: 'Dev Crew cannot start',
  crashed: {
    message: 'The window keeps failing',
    detail: 'Jobs go on. Quit and start Dev Crew again to see them.',
    quit: 'Quit',
  },
};

const ko: Texts = {
  menu: {
    file: '파일',
    edit: '편집',
    view: '보기',
    window: '창',
    newJob: '새 작업',
    settings: '설정…',
    help: '도움말',
  },
  tray: {
    open: 'Dev Crew 열기',
    quit: '종료',
    running: (count) => `실행 중 ${count}개`,
    waiting: (count) => `확인 필요 ${count}개`,
    queued: (count) => `대기열 ${count}개`,
    idle: '실행 중인 작업 없음',
  },
  notification: {
    needs_human: '확인이 필요한 작업이 있습니다',
    completed: '작업이 끝났습니다',
    failed: '작업이 실패했습니다',
    signed_out: '계정이 로그아웃되었습니다',
  },
  quit: {
    message: (running) => `작업 ${running}개가 실행 중입니다`,
    detail: '잃는 것은 없습니다. Dev Crew를 다시 시작하면 마지막 단계부터 이어집니다.',
    quit: '종료',
    cancel: '계속 실행',
  },
  pickFolder: '저장소 선택',
  startFailed: 'Dev Crew를 시작할 수 없습니다',
  crashed: {
    message: '창에 문제가 반복됩니다',
    detail: '작업은 계속됩니다. 종료한 뒤 Dev Crew를 다시 시작하세요.',
    quit: '종료',
  },
};

/** The language of the settings, or the system's when it is one of ours, else English. */
export function languageOf(setting: Settings['language'], systemLocale: string): Language {
  if (setting !== 'system') return setting;
  return systemLocale.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

export const textsOf = (language: Language): Texts => (language === 'ko' ? ko : en);
