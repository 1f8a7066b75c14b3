-- What the administrators are told of: limits reached, series of tries at one person.

create table alert (
    id uuid primary key,
    kind text not null check (
        kind in (
            'platform_hour', 'platform_day', 'department_hour', 'department_day', 'series_examined', 'series_refused'
        )
    ),
    -- Who, as it was then. Nothing of about whom.
    notary_id uuid not null,
    office_id uuid not null,
    notary_name text not null,
    office_name text not null,
    office_crpcen text not null,
    -- How many inquiries the limit takes.
    allowed bigint not null check (allowed > 0),
    -- The inquiry left to an officer, if any.
    inquiry_id uuid references inquiry (id),
    raised_at timestamptz not null,
    -- Until then the same kind on the same person is not told again.
    quiet_until timestamptz not null check (quiet_until > raised_at)
);

create index alert_quiet on alert (notary_id, kind, quiet_until);

-- Mails on an alert, one for each administrator.
alter table mail
    add column alert_id uuid references alert (id),
    alter column inquiry_id drop not null,
    drop constraint mail_kind_check,
    add constraint mail_kind_check check (kind in ('answer_ready', 'service_notice', 'alert')),
    add constraint mail_subject check (
        num_nonnulls(inquiry_id, alert_id) = 1 and (kind = 'alert') = (alert_id is not null)
    ),
    -- Its name stays: the version before names it.
    drop constraint mail_once,
    add constraint mail_once unique nulls not distinct (inquiry_id, letter_id, kind, alert_id, recipient);

-- What an office or a notary asked lately.
create index inquiry_office on inquiry (office_id, asked_at desc);
create index inquiry_notary on inquiry (notary_id, asked_at desc);
