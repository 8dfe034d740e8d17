import { notifications } from '@mantine/notifications';
import { Check, CircleAlert } from 'lucide-react';

/** Says that something has been done. */
export const say = (message: string): void => {
  notifications.show({ message, color: 'loom', icon: <Check size={18} aria-hidden />, autoClose: 6_000 });
};

/** Says that something has not been done, and why; stays until it has been read. */
export const complain = (title: string, message: string): void => {
  notifications.show({
    title,
    message,
    color: 'red',
    icon: <CircleAlert size={18} aria-hidden />,
    autoClose: false,
  });
};
