import { noticeKinds } from '@orderloom/core';
import { noticesList } from '@orderloom/db';
import { z } from 'zod';
import type { NoticeView } from '../../notifications/views.ts';
import { row, type Row } from '../row.ts';
import { NoFields, Time, Uuid } from '../wire.ts';
import { noticeExample } from './thing-examples.ts';
import { thing } from './thing.ts';

const NoticeObject = z
  .strictObject({
    id: Uuid,
    kind: z
      .enum([...noticeKinds, 'alert'])
      .meta({ description: 'Of an order; an `alert` is for those who administer the shop.' }),
    order: Uuid.nullable(),
    order_number: z.string().nullable(),
    title: z.string(),
    message: z.string(),
    read_at: Time.nullable(),
    created_at: Time,
  })
  .meta({ id: 'Notification', description: 'What somebody was told.' });

const noticeObject = (view: NoticeView): z.output<typeof NoticeObject> => ({
  id: view.id,
  kind: view.kind,
  order: view.orderId,
  order_number: view.orderNumber,
  title: view.title,
  message: view.body,
  read_at: view.readAt,
  created_at: view.createdAt,
});

const notice = thing<NoticeView>({
  path: '/api/v1/notifications/',
  tag: 'Notifications',
  word: 'Notification',
  id: 'Notification',
  schema: NoticeObject,
  example: noticeExample,
  write: noticeObject,
  spec: noticesList,
});
const { params, list, tag } = notice;

/** The notifications of the api family (S2-73 … S2-78). */
export const notificationRows: readonly Row[] = [
  row({
    method: 'get',
    path: notice.path,
    operationId: 'listNotifications',
    tag,
    summary: 'List your own notifications',
    procedure: 'notifications.page',
    ...list,
    request: list.asked,
  }),
  row({
    method: 'get',
    path: '/api/v1/notifications/stream/',
    operationId: 'streamNotifications',
    tag,
    summary: 'Your own notifications as they come',
    description:
      'Server-sent events (S2-5). Whoever comes again with `Last-Event-ID` gets all that came meanwhile.',
    procedure: 'notifications.live',
    streams: true,
    request: ({ lastEventId }) => ({ after: lastEventId }),
    reply: (live) => ({
      status: 200,
      body: (async function* () {
        for await (const { feedSeq, notice: told } of live)
          yield { id: String(feedSeq), event: 'notification', data: noticeObject(told) };
      })(),
    }),
    answers: {
      200: {
        description: 'One event for each notification; comments between them keep the line open.',
        schema: z.array(NoticeObject),
        example: [noticeExample],
      },
    },
    refusals: [],
  }),
  row({
    method: 'post',
    path: '/api/v1/notifications/:id/read/',
    operationId: 'readNotification',
    tag,
    summary: 'Mark a notification as read',
    procedure: 'notifications.read',
    params,
    body: NoFields,
    bodyOptional: true,
    request: ({ params: { id } }) => ({ id }),
    ...notice.answering('The notification.'),
    refusals: ['NOTIFICATION_NOT_FOUND'],
  }),
];
