-- What is there.
SELECT cru.measure_anew();
