-- How people say that something is wrong fills more than the first bound held. A bound stays, because every console
-- reads these words when it starts.
ALTER TABLE cru.screening_item
    DROP CONSTRAINT IF EXISTS screening_item_watch_words_list_check,
    ADD CONSTRAINT screening_item_watch_words_list_check CHECK (coalesce(array_ndims(watch_words), 1) = 1 AND cardinality(watch_words) <= 1500 AND array_position(watch_words, NULL) IS NULL AND char_length(array_to_string(watch_words, '')) <= 100000);
