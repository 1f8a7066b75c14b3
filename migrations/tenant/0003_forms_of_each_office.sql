-- A form's id belongs to the office that sends it: who sends one that another office has sent before must not learn so
-- by being refused. (No version that wants the old constraint has been released.)

alter table inquiry add constraint inquiry_form unique (office_id, submission_id);
alter table inquiry drop constraint inquiry_submission_id_key;
